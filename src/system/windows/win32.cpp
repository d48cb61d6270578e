// SPDX-License-Identifier: Apache-2.0
#include "system/windows/win32.hpp"

namespace speciesnet {

std::error_code last_error() noexcept {
    return {static_cast<int>(GetLastError()), std::system_category()};
}

// Paths of MAX_PATH units and more are taken only with the mark, and only if they are absolute and
// have no part to be worked out. Shorter ones stay as they are: they may name a device.
std::wstring native_path(const std::filesystem::path& path) {
    // Folders leave room for a name of the form 8.3.
    constexpr std::size_t longest_unmarked = MAX_PATH - 13;
    std::error_code error;
    auto text = std::filesystem::absolute(path, error).lexically_normal().make_preferred().native();
    if (error || text.size() < longest_unmarked || text.starts_with(LR"(\\?\)")) {
        return path.native();
    }
    return text.starts_with(LR"(\\)") ? LR"(\\?\UNC\)" + text.substr(2) : LR"(\\?\)" + text;
}

}  // namespace speciesnet
