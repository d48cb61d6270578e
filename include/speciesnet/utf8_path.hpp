// SPDX-License-Identifier: Apache-2.0
// Paths as text. Text is UTF-8 everywhere in this library; std::filesystem takes a std::string for
// text in the system's own encoding, which on Windows is another one.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace speciesnet {

/// On systems other than Windows the same bytes, whatever they are.
inline std::filesystem::path utf8_path(std::string_view text) {
    return std::u8string_view(reinterpret_cast<const char8_t*>(text.data()), text.size());
}

/// What utf8_path() makes the path of.
inline std::string utf8_text(const std::filesystem::path& path) {
    const std::u8string text = path.u8string();
    return {text.begin(), text.end()};
}

}  // namespace speciesnet
