// SPDX-License-Identifier: Apache-2.0
// The interface of an image format. One file per format implements it; validate() and decode() call
// it.
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

/// The bytes as characters, for comparing and searching.
inline std::string_view as_text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The bytes as the numbers that C libraries take.
inline const std::uint8_t* as_numbers(Bytes bytes) {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

/// Width and height in pixels as stored, before EXIF orientation.
struct PixelSize {
    int width = 0;
    int height = 0;

    friend bool operator==(const PixelSize&, const PixelSize&) = default;
};

/// Bytes of a row of RGB pixels.
inline std::size_t rgb_row_bytes(PixelSize size) {
    return static_cast<std::size_t>(size.width) * 3;
}

/// Bytes of an RGB image.
inline std::size_t rgb_bytes(PixelSize size) {
    return rgb_row_bytes(size) * static_cast<std::size_t>(size.height);
}

/// What the header says of an image.
struct Header {
    PixelSize size;  ///< Each side is ≥ 0.
    Cost cost;       ///< Without turning the image upright.
};

/// A decoded image, not yet upright.
struct Pixels {
    std::vector<std::uint8_t> rgb;
    /// Whether the file ends, or its data breaks off, before all pixels were there.
    bool truncated = false;
};

/// One image format.
struct Format {
    MediaType type;
    /// Whether the content begins as files of this format do.
    bool (*has_signature)(Bytes);
    /// Reads the header alone. Throws InvalidImage if it is damaged or of a kind that we do not
    /// decode. Limits are not checked here.
    Header (*read_header)(Bytes);
    /// Decodes to RGB, alpha dropped. `size` is what read_header() gave, and that and its cost were
    /// found acceptable. What a damaged body leaves open is zero in the file's own terms: black, or
    /// the first colour of its palette. Throws InvalidImage, and as Budget::spend() does.
    Pixels (*decode_rgb)(Bytes, PixelSize size, Budget&);
    /// EXIF orientation, 1 (upright) to 8. Throws InvalidImage if the EXIF block is none.
    int (*read_orientation)(Bytes);
    /// The EXIF block, perhaps behind "Exif\0\0"; empty if there is none. It lies in the file, or
    /// in `store` where the file has it in pieces or packed.
    Bytes (*find_exif)(Bytes file, std::vector<std::byte>& store);
    /// Whether this build, and the libraries that it finds, decode the format.
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

/// The format whose signature the content carries, or nullptr.
const Format* find_format(Bytes bytes);

/// Throws InvalidImage (undecodable_image) with the media type in front of the reason.
[[noreturn]] void throw_undecodable(MediaType type, std::string_view why);

}  // namespace speciesnet
