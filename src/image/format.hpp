// The image formats that we read, each behind the same few questions. One file per format answers
// them; validate() and decode() only ask.
#pragma once

#include "speciesnet/error.hpp"
#include "speciesnet/media.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

using Bytes = std::span<const std::byte>;

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

/// Bytes of an RGB picture.
inline std::size_t rgb_bytes(PixelSize size) {
    return rgb_row_bytes(size) * static_cast<std::size_t>(size.height);
}

/// What a file says about itself beside the pixels; empty where it says nothing.
struct Metadata {
    std::vector<std::byte> exif;  ///< A TIFF structure, perhaps behind "Exif\0\0".
    std::string xmp;              ///< XML.
};

/// One image format.
struct Format {
    MediaType type;
    /// Whether the content begins as files of this format do.
    bool (*has_signature)(Bytes);
    /// Reads the header alone. Throws InvalidImage if it is damaged; checks no limit.
    PixelSize (*read_size)(Bytes);
    /// Decodes to RGB, alpha dropped, not yet upright. `size` is what read_size() gave and was
    /// found acceptable. Throws InvalidImage.
    std::vector<std::uint8_t> (*decode_rgb)(Bytes, PixelSize size);
    /// Finds EXIF and XMP; what is damaged is left out.
    Metadata (*read_metadata)(Bytes);
};

extern const Format jpeg_format;
extern const Format png_format;
extern const Format gif_format;
extern const Format bmp_format;
extern const Format webp_format;

/// The format whose signature the content carries, or nullptr.
const Format* find_format(Bytes bytes);

/// Throws InvalidImage (undecodable_image) with the media type in front of the reason.
[[noreturn]] void throw_undecodable(MediaType type, std::string_view why);

/// The bytes as characters, for comparing and searching.
std::string_view as_text(Bytes bytes);

}  // namespace speciesnet
