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

/// An immutable RGB image. Copies share the pixels and are cheap. Thread-safe.
class SPECIESNET_EXPORT Image {
public:
    /// Creates an image that owns `rgb`.
    /// @param width  pixels, ≥ 1
    /// @param height pixels, ≥ 1
    /// @param rgb    exactly width·height·3 bytes, rows from the top, no padding, channels R, G, B
    /// @param truncated see truncated()
    /// @throws InvalidArgument if the length of `rgb` does not match the size
    static Image from_rgb(int width, int height, std::vector<std::uint8_t> rgb,
                          bool truncated = false);

    /// Creates an image from pixels of the caller, without a copy.
    /// @param rgb   as in from_rgb(); must not change
    /// @param owner keeps `rgb` valid; released on the thread that destroys the last copy of the
    /// image
    /// @throws InvalidArgument if the length of `rgb` does not match the size
    static Image share_rgb(int width, int height, std::span<const std::uint8_t> rgb,
                           std::shared_ptr<const void> owner);

    /// Returns the width in pixels, after EXIF orientation.
    int width() const noexcept { return width_; }
    /// Returns the height in pixels, after EXIF orientation.
    int height() const noexcept { return height_; }
    /// Returns width()·height()·3 bytes, contiguous rows from the top; valid as long as any copy of
    /// this image lives.
    std::span<const std::uint8_t> pixels() const noexcept { return rgb_; }
    /// Returns whether the file or its data ended before the last pixel; the rest is grey, black or
    /// coarse.
    bool truncated() const noexcept { return truncated_; }

    /// Compares size and pixels.
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
/// with the same pixels as Pillow in the reference: islow DCT and fancy upsampling for JPEG;
/// CMYK, YCCK, grey and palette converted; alpha dropped; truncated files decoded as far as
/// possible.
/// @param bytes  the encoded image; not kept
/// @param limits checked before allocating and decoding
/// @param stop   checked while decoding
/// @throws InvalidImage as validate() does, or undecodable_image; Cancelled when stopped, or when
/// the deadline of `limits` has passed
/// Thread-safe.
SPECIESNET_EXPORT Image decode(std::span<const std::byte> bytes, const DecodeLimits& limits = {},
                               std::stop_token stop = {});

/// Checks the declared media type as validate() does, and decodes. Validates once.
/// @param declared_type as for validate()
SPECIESNET_EXPORT Image decode(std::span<const std::byte> bytes,
                               std::optional<std::string_view> declared_type,
                               const DecodeLimits& limits = {}, std::stop_token stop = {});

/// Reads and decodes a file.
/// @throws IoError if the file cannot be read; InvalidImage as decode()
SPECIESNET_EXPORT Image decode_file(const std::filesystem::path& path,
                                    const DecodeLimits& limits = {}, std::stop_token stop = {});

}  // namespace speciesnet
