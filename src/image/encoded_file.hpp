// The bytes of an image file, read as a whole: a mapped photo could be cut short by somebody else
// while it is decoded.
#pragma once

#include "speciesnet/media.hpp"

#include <cstddef>
#include <filesystem>
#include <vector>

namespace speciesnet {

/// @throws IoError if the file cannot be read; InvalidImage (media_too_large), before allocating
std::vector<std::byte> read_encoded_file(const std::filesystem::path& path,
                                         const DecodeLimits& limits);

}  // namespace speciesnet
