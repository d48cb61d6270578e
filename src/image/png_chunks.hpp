// SPDX-License-Identifier: Apache-2.0
// The container of PNG, as far as metadata needs it: a signature and then chunks. They are read
// where libpng would give up, and behind the pixels without unpacking those.
#pragma once

#include "format.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace speciesnet {

struct PngChunk {
    std::string_view name;  ///< Four characters.
    Bytes content;          ///< As much of it as the file holds.
};

/// Goes through the chunks of a file from the first to the last; a file truncated may end with an
/// incomplete one.
class PngChunks {
public:
    explicit PngChunks(Bytes file) : rest_(file.subspan(png_signature.size())) {}

    std::optional<PngChunk> next();

private:
    Bytes rest_;
};

/// EXIF orientation from an eXIf chunk, from the text chunk in which ImageMagick keeps EXIF, or
/// from XMP.
int read_png_orientation(Bytes file);

/// As Format::find_exif: from an eXIf chunk or that text chunk.
Bytes find_png_exif(Bytes file, std::vector<std::byte>& store);

}  // namespace speciesnet
