// SPDX-License-Identifier: Apache-2.0
// Detects file types with libmagic, as a second check.
#pragma once

#include "image/format.hpp"

namespace speciesnet {

/// Whether libmagic takes the content for an image. True in a build without it (no_magic.cpp),
/// where the formats' own signatures decide alone.
/// @throws IoError if libmagic's database cannot be read
bool is_image_by_magic(Bytes bytes);

}  // namespace speciesnet
