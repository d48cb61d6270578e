// SPDX-License-Identifier: Apache-2.0
// Converts between paths and text. Text is UTF-8 everywhere in this library, but std::filesystem
// expects a std::string in the system's encoding, which differs on Windows.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace speciesnet {

/// Returns the path of a UTF-8 text. On systems other than Windows, bytes are not changed.
inline std::filesystem::path utf8_path(std::string_view text) {
    return std::u8string_view(reinterpret_cast<const char8_t*>(text.data()), text.size());
}

/// Returns the text from which utf8_path() creates the same path.
inline std::string utf8_text(const std::filesystem::path& path) {
    const std::u8string text = path.u8string();
    return {text.begin(), text.end()};
}

}  // namespace speciesnet
