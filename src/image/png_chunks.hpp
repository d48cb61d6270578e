// SPDX-License-Identifier: Apache-2.0
// Reads the container of PNG, a signature and chunks, for metadata. Continues where libpng would
// give up, and reads chunks after the pixels without decompressing those.
#pragma once

#include "format.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace speciesnet {

struct PngChunk {
    std::string_view name;  ///< Four characters.
    Bytes content;          ///< Truncated if the file is.
};

/// Iterates over the chunks of a file. The last chunk of a truncated file may be incomplete.
class PngChunks {
public:
    explicit PngChunks(Bytes file) : rest_(file.subspan(png_signature.size())) {}

    std::optional<PngChunk> next();

private:
    Bytes rest_;
};

/// Returns the EXIF orientation from an eXIf chunk, from the text chunk in which ImageMagick stores
/// EXIF, or from XMP.
int read_png_orientation(Bytes file);

/// As Format::find_exif: from an eXIf chunk or from that text chunk.
Bytes find_png_exif(Bytes file, std::vector<std::byte>& store);

}  // namespace speciesnet
