// SPDX-License-Identifier: Apache-2.0
// Detects images that are also files of another kind (polyglots).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace server {

/// Returns what else an image is: a ZIP archive by its directory at the end, a PDF by its first
/// line within 1024 bytes, a RAR or 7-Zip archive by its signature anywhere. Other bytes after an
/// image do not count: phones append videos and depth maps.
/// @return its name for a message
std::optional<std::string_view> disguised_format(std::span<const std::byte> image);

}  // namespace server
