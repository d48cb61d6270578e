// SPDX-License-Identifier: Apache-2.0
// Recognises and validates untrusted image files before they are decoded.
#pragma once

#include "speciesnet/export.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

/// Image formats that decode() reads; HEIC and AVIF only if can_decode().
enum class MediaType : std::int32_t {
    jpeg = 1,
    png = 2,
    gif = 3,
    bmp = 4,
    webp = 5,
    tiff = 6,
    heic = 7,
    avif = 8
};

/// Returns the IANA name of a media type, for instance "image/jpeg".
SPECIESNET_EXPORT std::string_view media_type_name(MediaType type) noexcept;
/// Returns whether this build reads the format. HEIC and AVIF need libheif.
SPECIESNET_EXPORT bool can_decode(MediaType type) noexcept;

/// Limits on the cost of decoding an image, checked before decoding: from the header, and by
/// counting scans, strips and tiles.
struct DecodeLimits {
    // <options cpp decode> by scripts/generate_options
    /// Maximum encoded size in bytes.
    std::size_t max_bytes = 536'870'912;
    /// Maximum width × height. The default is the limit at which Pillow, the reference's decoder,
    /// raises DecompressionBombError: twice its MAX_IMAGE_PIXELS of 89,478,485.
    std::uint64_t max_pixels = 178'956'970;
    /// Maximum work, in units of about a nanosecond of one core. A pixel takes about 10 units, and
    /// 3 more for each scan of a progressive JPEG. See docs/reference/images.md.
    std::uint64_t max_work = 60'000'000'000;
    /// Maximum memory in bytes besides the encoded image: pixels (twice if they are rotated) and
    /// the decoder's buffers.
    std::uint64_t max_memory = 2'147'483'648;
    /// Time after which decoding stops with the error Cancelled; nothing for never.
    std::optional<std::chrono::steady_clock::time_point> deadline = std::nullopt;
    // </options>
};

/// Properties of an encoded image, from its header.
struct MediaInfo {
    MediaType type;  ///< Detected from the content, never from a name.
    int width;       ///< Pixels, ≥ 1, before EXIF orientation.
    int height;      ///< Pixels, ≥ 1, before EXIF orientation.
                     /// Upper bounds of the cost of decoding, in the units of DecodeLimits.
    std::uint64_t work = 0;
    std::uint64_t memory = 0;
};

/// Checks that decode() would accept an image: size, declared type, magic number
/// (by libmagic and by the format's signature), header, pixels, work and memory. Pixels are not
/// decoded, so a damaged body can still fail later.
/// @param bytes         the encoded image; not kept
/// @param declared_type the declared media type ("image/png", case-insensitive, parameters after
///                      ';' ignored), or nothing. It must be an image type, but need not match the
///                      content, since cameras and browsers confuse jpg, jpeg and pjpeg
/// @param limits        upper bounds
/// @throws InvalidImage unsupported_media_type (declared type is not an image), media_too_large,
/// media_type_mismatch (content is not a supported image), undecodable_image (header is damaged)
/// Thread-safe.
SPECIESNET_EXPORT MediaInfo validate(std::span<const std::byte> bytes,
                                     std::optional<std::string_view> declared_type = std::nullopt,
                                     const DecodeLimits& limits = {});

/// Reads the bytes of an image file. Accepts only regular files; a named pipe, a socket or a device
/// is an error, without blocking.
/// @throws IoError (not_found; io for anything else); InvalidImage (media_too_large), before
/// allocating
/// Thread-safe.
SPECIESNET_EXPORT std::vector<std::byte> read_encoded_file(const std::filesystem::path& path,
                                                           const DecodeLimits& limits = {});

/// Reads the first `count` bytes of a file, or all if it has fewer.
/// @throws IoError as read_encoded_file()
/// Thread-safe.
SPECIESNET_EXPORT std::vector<std::byte> read_beginning(const std::filesystem::path& path,
                                                        std::size_t count);

}  // namespace speciesnet
