// SPDX-License-Identifier: Apache-2.0
// Decoded photos: 8-bit RGB, upright.
#pragma once

#include "speciesnet/export.hpp"
#include "speciesnet/media.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

namespace speciesnet {

/// An immutable RGB picture. Copies share the pixels, so passing one by value is cheap; safe to
/// read from many threads.
class SPECIESNET_EXPORT Image {
public:
    /// Takes over pixels that the caller already has.
    /// @param width  pixels, ≥ 1
    /// @param height pixels, ≥ 1
    /// @param rgb    exactly width·height·3 bytes, rows from the top, no padding, channels R, G, B
    /// @param truncated see truncated()
    /// @throws InvalidArgument if the sizes do not fit each other
    static Image from_rgb(int width, int height, std::vector<std::uint8_t> rgb,
                          bool truncated = false);

    /// Uses pixels where they are, without a copy.
    /// @param rgb   as in from_rgb(); must not change any more
    /// @param owner keeps `rgb` valid; let go when the last copy of the image is gone, on whichever
    /// thread that happens
    /// @throws InvalidArgument if the sizes do not fit each other
    static Image share_rgb(int width, int height, std::span<const std::uint8_t> rgb,
                           std::shared_ptr<const void> owner);

    /// Width in pixels, after EXIF orientation.
    int width() const noexcept { return width_; }
    /// Height in pixels, after EXIF orientation.
    int height() const noexcept { return height_; }
    /// width()·height()·3 bytes, rows from the top, no padding; valid as long as any copy of this
    /// image lives.
    std::span<const std::uint8_t> pixels() const noexcept { return rgb_; }

    /// Whether the file that the picture was decoded from ends, or its data breaks off, before all
    /// pixels were there: the rest is grey, black or coarse.
    bool truncated() const noexcept { return truncated_; }

    /// Whether size and pixels are the same.
    friend SPECIESNET_EXPORT bool operator==(const Image& left, const Image& right) noexcept;

private:
    Image(int width, int height, std::span<const std::uint8_t> rgb,
          std::shared_ptr<const void> owner);

    int width_;
    int height_;
    std::span<const std::uint8_t> rgb_;
    std::shared_ptr<const void> owner_;
    bool truncated_ = false;
};

/// Decodes JPEG, PNG, GIF (first frame), BMP, WebP, TIFF (first page), HEIC or AVIF to upright RGB,
/// giving the pixels that Pillow gives the reference: islow DCT and fancy upsampling for JPEG;
/// CMYK, YCCK, grey and palette converted; alpha dropped; files cut short decoded as far as they
/// go.
/// @param bytes  the encoded image; not kept
/// @param limits checked before memory is allocated and before work is done
/// @param stop   checked all the time
/// @throws InvalidImage as validate() does, or undecodable_image; Cancelled when stopped, or when
/// the deadline of `limits` has passed
/// Thread-safe.
SPECIESNET_EXPORT Image decode(std::span<const std::byte> bytes, const DecodeLimits& limits = {},
                               std::stop_token stop = {});

/// The same for bytes that came with a media type, which validate() would look at: they are
/// validated once.
/// @param declared_type as for validate()
SPECIESNET_EXPORT Image decode(std::span<const std::byte> bytes,
                               std::optional<std::string_view> declared_type,
                               const DecodeLimits& limits = {}, std::stop_token stop = {});

/// Reads and decodes a file.
/// @throws IoError if the file cannot be read; InvalidImage as decode()
SPECIESNET_EXPORT Image decode_file(const std::filesystem::path& path,
                                    const DecodeLimits& limits = {}, std::stop_token stop = {});

}  // namespace speciesnet
