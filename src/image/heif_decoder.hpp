// SPDX-License-Identifier: Apache-2.0
// Decodes with libheif. A build without it uses no_heif_decoder.cpp instead.
#pragma once

#include "format.hpp"

namespace speciesnet {

/// Whether libheif is there, and has a decoder for the format.
bool has_heif_decoder(MediaType type);

/// The size is that of the upright picture: the container says how it is turned.
Header read_heif_header(Bytes file, MediaType type);

/// libheif cannot be stopped while it decodes, so all work is counted before.
Pixels decode_heif(Bytes file, MediaType type, PixelSize size, Budget& budget);

}  // namespace speciesnet
