// SPDX-License-Identifier: Apache-2.0
// Decodes with libheif. Builds without libheif use no_heif_decoder.cpp instead.
#pragma once

#include "format.hpp"

namespace speciesnet {

/// Returns whether libheif is available and has a decoder for the format.
bool has_heif_decoder(MediaType type);

/// Reads the header. The size is that of the upright image, as the container's rotation gives it.
Header read_heif_header(Bytes file, MediaType type);

/// Decodes an image. libheif cannot be interrupted, so all work is counted in advance.
Pixels decode_heif(Bytes file, MediaType type, PixelSize size, Budget& budget);

}  // namespace speciesnet
