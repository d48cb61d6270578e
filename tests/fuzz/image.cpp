// SPDX-License-Identifier: Apache-2.0
// Any bytes as an image: what decodes is valid and has the size that validate() found, costs no
// more than was announced, and decodes to the same pixels again.
#include "speciesnet/image.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/metadata.hpp"

#include "fuzz/agreement.hpp"
#include "image/decode.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <stop_token>

namespace {

using namespace speciesnet;

/// Small, for many inputs a second.
constexpr DecodeLimits limits{.max_bytes = 1U << 20U,
                              .max_pixels = 1U << 16U,
                              .max_work = 100'000'000,
                              .max_memory = 16U << 20U};

std::stop_token stopped() {
    std::stop_source source;
    source.request_stop();
    return source.get_token();
}

template <typename Read>
auto accepted(Read read) -> std::optional<decltype(read())> {
    try {
        return read();
    } catch (const InvalidImage&) {
        return std::nullopt;
    }
}

bool has_size(const Image& image, const MediaInfo& info) {
    return (image.width() == info.width && image.height() == info.height) ||
           (image.width() == info.height && image.height() == info.width);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    read_metadata(bytes);
    const auto info = accepted([&] { return validate(bytes, std::nullopt, limits); });
    Budget budget(limits, {});
    const auto image = accepted([&] { return decode_within(bytes, budget); });
    fuzz::require(budget.spent() <= (info ? info->work : 0), "no more work than was announced");
    if (!image) {
        return 0;
    }
    fuzz::require(info.has_value(), "what decodes is valid");
    fuzz::require(info->work <= limits.max_work && info->memory <= limits.max_memory,
                  "what is valid is within the limits");
    bool is_stopped = false;
    try {
        decode(bytes, limits, stopped());
    } catch (const Cancelled&) {
        is_stopped = true;
    }
    fuzz::require(is_stopped, "a decoder stops when it is stopped");
    fuzz::require(has_size(*image, *info), "a picture has the size of its header, upright");
    const auto pixels =
        static_cast<std::uint64_t>(image->width()) * static_cast<std::uint64_t>(image->height());
    fuzz::require(pixels <= limits.max_pixels, "a picture is within the limits");
    fuzz::require(image->pixels().size() == 3 * pixels, "a picture has all its pixels");
    // libde265 leaves what a damaged stream does not hold as the memory was, and does not say so.
    fuzz::require(info->type == MediaType::heic ||
                      std::ranges::equal(image->pixels(), decode(bytes, limits).pixels()),
                  "decoding again gives the same pixels");
    return 0;
}
