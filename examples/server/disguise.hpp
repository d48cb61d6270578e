// SPDX-License-Identifier: Apache-2.0
// Detects images that are also files of another kind (polyglots).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace server {

/// What else an image is, for those who open it as that: a ZIP archive by its directory at the end,
/// a PDF by its first line within 1024 bytes, a RAR or 7-Zip archive by its signature anywhere.
/// Other bytes after an image are none of these: phones append films and depth maps.
/// @return its name, for a message
std::optional<std::string_view> disguised_format(std::span<const std::byte> image);

}  // namespace server
