// SPDX-License-Identifier: Apache-2.0
// The interface of an image format, which validate() and decode() call. One file implements each
// format.
#pragma once

#include "speciesnet/error.hpp"
#include "speciesnet/media.hpp"

#include "budget.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace speciesnet {

using Bytes = std::span<const std::byte>;

/// Returns the bytes as characters, for comparing and searching.
inline std::string_view as_text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Returns the bytes in the type that C libraries take.
inline const std::uint8_t* as_numbers(Bytes bytes) {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

/// Width and height in pixels as stored, before EXIF orientation.
struct PixelSize {
    int width = 0;
    int height = 0;

    friend bool operator==(const PixelSize&, const PixelSize&) = default;
};

/// Returns the bytes of a row of RGB pixels.
inline std::size_t rgb_row_bytes(PixelSize size) {
    return static_cast<std::size_t>(size.width) * 3;
}

/// Returns the bytes of an RGB image.
inline std::size_t rgb_bytes(PixelSize size) {
    return rgb_row_bytes(size) * static_cast<std::size_t>(size.height);
}

/// The properties of an image that its header states.
struct Header {
    PixelSize size;  ///< Each side is ≥ 0.
    Cost cost;       ///< Without the cost of turning the image upright.
};

/// A decoded image, not yet upright.
struct Pixels {
    std::vector<std::uint8_t> rgb;
    /// Whether the file or its data ended before all pixels were decoded.
    bool truncated = false;
};

/// One image format.
struct Format {
    MediaType type;
    /// Returns whether the content starts with a signature of this format.
    bool (*has_signature)(Bytes);
    /// Reads only the header. Throws InvalidImage if it is damaged or of an unsupported kind. Does
    /// not check limits.
    Header (*read_header)(Bytes);
    /// Decodes to RGB and drops alpha. `size` comes from read_header(); it and the cost have passed
    /// the limits. Pixels missing from a damaged file are zero in the file's own terms: black, or
    /// the first colour of its palette. Throws InvalidImage, and as Budget::spend() does.
    Pixels (*decode_rgb)(Bytes, PixelSize size, Budget&);
    /// Returns the EXIF orientation, 1 (upright) to 8. Throws InvalidImage if the EXIF block is
    /// invalid.
    int (*read_orientation)(Bytes);
    /// Returns the EXIF block, possibly after "Exif\0\0"; empty if there is none. It points into
    /// the file, or into `store` if the file holds it in pieces or compressed.
    Bytes (*find_exif)(Bytes file, std::vector<std::byte>& store);
    /// Returns whether this build, and the libraries that it finds, decode the format.
    bool (*can_decode)() = [] { return true; };
};

extern const Format jpeg_format;
extern const Format png_format;
extern const Format gif_format;
extern const Format bmp_format;
extern const Format webp_format;
extern const Format tiff_format;
extern const Format heic_format;
extern const Format avif_format;

inline constexpr std::string_view png_signature = "\x89PNG\r\n\x1A\n";

// The signatures of formats that a build may leave out.
bool has_png_signature(Bytes bytes);
bool has_webp_signature(Bytes bytes);
bool has_tiff_signature(Bytes bytes);

/// Returns the format whose signature the content has, or nullptr.
const Format* find_format(Bytes bytes);

/// Throws InvalidImage (undecodable_image) with the media type before the reason.
[[noreturn]] void throw_undecodable(MediaType type, std::string_view why);

}  // namespace speciesnet
