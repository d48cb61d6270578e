// SPDX-License-Identifier: Apache-2.0
// Runs before every decoder. Compares libmagic's type with the format's own signature, then checks
// the header.
#include "image/exif.hpp"
#include "image/format.hpp"
#include "media/magic.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <limits>
#include <string>

namespace speciesnet {
namespace {

bool is_image_type(std::string_view declared) {
    std::string type(declared.substr(0, declared.find(';')));
    std::ranges::transform(type, type.begin(), [](unsigned char c) { return std::tolower(c); });
    const std::size_t first = type.find_first_not_of(" \t");
    return first != std::string::npos && type.substr(first).starts_with("image/");
}

}  // namespace

std::string_view media_type_name(MediaType type) noexcept {
    switch (type) {
        case MediaType::jpeg:
            return "image/jpeg";
        case MediaType::png:
            return "image/png";
        case MediaType::gif:
            return "image/gif";
        case MediaType::bmp:
            return "image/bmp";
        case MediaType::webp:
            return "image/webp";
        case MediaType::tiff:
            return "image/tiff";
        case MediaType::heic:
            return "image/heic";
        case MediaType::avif:
            return "image/avif";
    }
    return "application/octet-stream";
}

MediaInfo validate(std::span<const std::byte> bytes, std::optional<std::string_view> declared_type,
                   const DecodeLimits& limits) {
    if (declared_type && !is_image_type(*declared_type)) {
        throw InvalidImage(ErrorCode::unsupported_media_type,
                           "not an image type: " + std::string(*declared_type));
    }
    if (bytes.size() > limits.max_bytes) {
        throw InvalidImage(ErrorCode::media_too_large, std::to_string(bytes.size()) +
                                                           " bytes are more than the limit of " +
                                                           std::to_string(limits.max_bytes));
    }
    if (bytes.empty()) {
        throw InvalidImage(ErrorCode::media_type_mismatch, "the file is empty (0 bytes)");
    }
    // libmagic's name for a format differs between versions. Therefore libmagic only has to report
    // an image; the signature determines the format.
    const Format* const format = find_format(bytes);
    if (format == nullptr || !is_image_by_magic(bytes)) {
        throw InvalidImage(ErrorCode::media_type_mismatch, "the content is not a supported image");
    }
    auto [size, cost] = format->read_header(bytes);
    if (size.width < 1 || size.height < 1) {
        throw_undecodable(format->type, "no pixels");
    }
    const auto pixels =
        static_cast<std::uint64_t>(size.width) * static_cast<std::uint64_t>(size.height);
    // A 32-bit process can address fewer than a caller may allow, and decoders count in its sizes.
    constexpr std::uint64_t addressable = std::numeric_limits<std::size_t>::max() / 4;
    if (const auto most = std::min(limits.max_pixels, addressable); pixels > most) {
        throw InvalidImage(ErrorCode::media_too_large,
                           std::to_string(size.width) + "x" + std::to_string(size.height) +
                               " pixels are more than the limit of " + std::to_string(most));
    }
    const Cost turning = turning_cost(size);
    cost = {.work = cost.work + turning.work, .memory = std::max(cost.memory, turning.memory)};
    require_within(limits, cost);
    return {format->type, size.width, size.height, cost.work, cost.memory};
}

}  // namespace speciesnet
