// SPDX-License-Identifier: Apache-2.0
// Detects file types with libmagic, as a second check.
#pragma once

#include "image/format.hpp"

namespace speciesnet {

/// Returns whether libmagic recognises the content as an image. Always true in a build without
/// libmagic (no_magic.cpp), where only the formats' own signatures decide.
/// @throws IoError if libmagic's database cannot be read
bool is_image_by_magic(Bytes bytes);

}  // namespace speciesnet
