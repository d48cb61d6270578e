// SPDX-License-Identifier: Apache-2.0
// Embeds XMP in JPEG files.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// A JPEG file with a packet of XMP: behind the segments in front that JFIF and EXIF ask to be
/// first. Pixels and other metadata are not changed; a packet of this program is replaced.
/// @param jpeg   the file
/// @param packet at most 65,502 bytes
/// @throws InvalidArgument if this is not a JPEG file, or has the XMP of another program
std::string with_xmp(std::span<const std::byte> jpeg, std::string_view packet);

}  // namespace speciesnet::cli
