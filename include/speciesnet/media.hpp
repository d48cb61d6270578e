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

/// The image formats that decode() reads, HEIC and AVIF if can_decode() says so.
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

/// The IANA name of a media type, for instance "image/jpeg".
SPECIESNET_EXPORT std::string_view media_type_name(MediaType type) noexcept;

/// Whether this build reads the format: HEIC and AVIF need libheif, the others are always read.
SPECIESNET_EXPORT bool can_decode(MediaType type) noexcept;

/// Upper bounds of what one image may cost. They are checked before the cost arises, by the header
/// and by counting scans, strips and tiles.
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

/// What validate() found out without decoding the pixels.
struct MediaInfo {
    MediaType type;  ///< Detected from the content, never from a name.
    int width;       ///< Pixels, ≥ 1, before EXIF orientation.
    int height;      ///< Pixels, ≥ 1, before EXIF orientation.
    /// What decoding takes at most, in the units of DecodeLimits.
    std::uint64_t work = 0;
    std::uint64_t memory = 0;
};

/// Checks that `bytes` are an image that decode() would accept: size, declared type, magic number
/// (by libmagic and by the format's own signature), header, pixels, work and memory. Pixels are not
/// decoded, so a damaged body can still fail later.
/// @param bytes         the encoded image; not kept
/// @param declared_type a media type that came with the bytes ("image/png", parameters after ';'
/// are ignored,
///                      case-insensitive), or nothing if none came. It must be an image type; it
///                      need not be the right one: cameras and browsers confuse jpg, jpeg and
///                      pjpeg.
/// @param limits        upper bounds
/// @throws InvalidImage unsupported_media_type (declared type is not an image), media_too_large,
/// media_type_mismatch
///         (content is no supported image), undecodable_image (header is damaged)
/// Thread-safe.
SPECIESNET_EXPORT MediaInfo validate(std::span<const std::byte> bytes,
                                     std::optional<std::string_view> declared_type = std::nullopt,
                                     const DecodeLimits& limits = {});

/// Reads the bytes of an image file. Regular files only, and never waits: a named pipe, a socket or
/// a device is an error at once.
/// @throws IoError (not_found; io for anything else); InvalidImage (media_too_large), before
/// allocating
/// Thread-safe.
SPECIESNET_EXPORT std::vector<std::byte> read_encoded_file(const std::filesystem::path& path,
                                                           const DecodeLimits& limits = {});

/// The first `count` bytes of a file, all of them if it has fewer.
/// @throws IoError as read_encoded_file()
/// Thread-safe.
SPECIESNET_EXPORT std::vector<std::byte> read_beginning(const std::filesystem::path& path,
                                                        std::size_t count);

}  // namespace speciesnet
