// SPDX-License-Identifier: Apache-2.0
// Embeds XMP in JPEG files.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Returns a JPEG file with an XMP packet, placed after the segments that JFIF and EXIF require to
/// be first. Pixels and other metadata do not change; a packet of this program is replaced.
/// @param jpeg   the file
/// @param packet at most 65,502 bytes
/// @throws InvalidArgument if this is not a JPEG file, or has XMP written by another program
std::string with_xmp(std::span<const std::byte> jpeg, std::string_view packet);

}  // namespace speciesnet::cli
