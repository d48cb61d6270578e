// SPDX-License-Identifier: Apache-2.0
// Implements statuses, errors, and texts owned by the caller.
#include "capi/status.hpp"

#include <algorithm>
#include <cstring>

namespace speciesnet::capi {
namespace {

constexpr bool same(int status, ErrorCode code) {
    return status == static_cast<int>(code);
}
// C++ and C use the same values; these assertions ensure it.
static_assert(same(SPECIESNET_ERROR_INVALID_ARGUMENT, ErrorCode::invalid_argument));
static_assert(same(SPECIESNET_ERROR_CANCELLED, ErrorCode::cancelled));
static_assert(same(SPECIESNET_ERROR_OUT_OF_MEMORY, ErrorCode::out_of_memory));
static_assert(same(SPECIESNET_ERROR_INTERNAL, ErrorCode::internal));
static_assert(same(SPECIESNET_ERROR_IO, ErrorCode::io));
static_assert(same(SPECIESNET_ERROR_NOT_FOUND, ErrorCode::not_found));
static_assert(same(SPECIESNET_ERROR_UNSUPPORTED_MEDIA_TYPE, ErrorCode::unsupported_media_type));
static_assert(same(SPECIESNET_ERROR_MEDIA_TOO_LARGE, ErrorCode::media_too_large));
static_assert(same(SPECIESNET_ERROR_MEDIA_TYPE_MISMATCH, ErrorCode::media_type_mismatch));
static_assert(same(SPECIESNET_ERROR_UNDECODABLE_IMAGE, ErrorCode::undecodable_image));
static_assert(same(SPECIESNET_ERROR_MODEL_INCOMPLETE, ErrorCode::model_incomplete));
static_assert(same(SPECIESNET_ERROR_MODEL_INVALID, ErrorCode::model_invalid));
static_assert(same(SPECIESNET_ERROR_MODEL_CONTRACT, ErrorCode::model_contract));
static_assert(same(SPECIESNET_ERROR_MODEL_COMPONENT_MISSING, ErrorCode::model_component_missing));
static_assert(same(SPECIESNET_ERROR_NETWORK_FAILED, ErrorCode::network_failed));
static_assert(same(SPECIESNET_ERROR_UNSUPPORTED_HARDWARE, ErrorCode::unsupported_hardware));
static_assert(same(SPECIESNET_ERROR_JSON_SYNTAX, ErrorCode::json_syntax));
static_assert(same(SPECIESNET_ERROR_JSON_CONTENT, ErrorCode::json_content));

/// Returns the longest prefix of `text` of at most `limit` bytes that does not split a UTF-8
/// character.
std::string_view cut(std::string_view text, std::size_t limit) noexcept {
    if (text.size() <= limit) {
        return text;
    }
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U) {
        --limit;
    }
    return text.substr(0, limit);
}

}  // namespace

speciesnet_status report(speciesnet_error* error, speciesnet_status status,
                         std::string_view message) noexcept {
    if (error != nullptr) {
        const auto text = cut(message, SPECIESNET_MESSAGE_SIZE - 1);
        error->status = status;
        error->reserved = 0;
        std::copy(text.begin(), text.end(), error->message);
        error->message[text.size()] = '\0';
    }
    return status;
}

std::unique_ptr<char[]> make_text(std::string_view text) {
    auto copy = std::make_unique<char[]>(text.size() + 1);
    std::copy(text.begin(), text.end(), copy.get());
    return copy;
}

}  // namespace speciesnet::capi

const char* speciesnet_status_name(speciesnet_status status) {
    switch (status) {
        case SPECIESNET_OK:
            return "ok";
        case SPECIESNET_ERROR_INVALID_ARGUMENT:
            return "invalid_argument";
        case SPECIESNET_ERROR_CANCELLED:
            return "cancelled";
        case SPECIESNET_ERROR_OUT_OF_MEMORY:
            return "out_of_memory";
        case SPECIESNET_ERROR_INTERNAL:
            return "internal";
        case SPECIESNET_ERROR_IO:
            return "io";
        case SPECIESNET_ERROR_NOT_FOUND:
            return "not_found";
        case SPECIESNET_ERROR_UNSUPPORTED_MEDIA_TYPE:
            return "unsupported_media_type";
        case SPECIESNET_ERROR_MEDIA_TOO_LARGE:
            return "media_too_large";
        case SPECIESNET_ERROR_MEDIA_TYPE_MISMATCH:
            return "media_type_mismatch";
        case SPECIESNET_ERROR_UNDECODABLE_IMAGE:
            return "undecodable_image";
        case SPECIESNET_ERROR_MODEL_INCOMPLETE:
            return "model_incomplete";
        case SPECIESNET_ERROR_MODEL_INVALID:
            return "model_invalid";
        case SPECIESNET_ERROR_MODEL_CONTRACT:
            return "model_contract";
        case SPECIESNET_ERROR_MODEL_COMPONENT_MISSING:
            return "model_component_missing";
        case SPECIESNET_ERROR_NETWORK_FAILED:
            return "network_failed";
        case SPECIESNET_ERROR_UNSUPPORTED_HARDWARE:
            return "unsupported_hardware";
        case SPECIESNET_ERROR_JSON_SYNTAX:
            return "json_syntax";
        case SPECIESNET_ERROR_JSON_CONTENT:
            return "json_content";
        case SPECIESNET_ERROR_QUEUE_FULL:
            return "queue_full";
        case SPECIESNET_ERROR_NOT_FINISHED:
            return "not_finished";
        default:
            return "unknown";
    }
}

// NOLINTNEXTLINE(readability-non-const-parameter): what is released was the caller's to change
void speciesnet_text_free(char* text) {
    delete[] text;
}
