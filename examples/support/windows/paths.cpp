// SPDX-License-Identifier: Apache-2.0
#include "paths.hpp"

#include <exception>
#include <random>
#include <string>
#include <string_view>

#include <windows.h>

namespace speciesnet {
namespace {

std::error_code last_error() {
    return {static_cast<int>(GetLastError()), std::system_category()};
}

HANDLE open(const std::filesystem::path& path, DWORD access, DWORD creation, DWORD flags) noexcept {
    return CreateFileW(path.c_str(), access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                       nullptr, creation, flags, nullptr);
}

/// Returns whether a character is in a set such as "[a-z_]", or not in "[!a-z_]".
/// @param set the text between the brackets
bool is_of_set(std::string_view set, char letter) {
    const bool inverted = set.starts_with('!') || set.starts_with('^');
    set.remove_prefix(inverted ? 1 : 0);
    for (std::size_t at = 0; at < set.size(); ++at) {
        const bool is_range = at + 2 < set.size() && set[at + 1] == '-';
        const char last = is_range ? set[at + 2] : set[at];
        if (letter >= set[at] && letter <= last) {
            return !inverted;
        }
        at += is_range ? 2 : 0;
    }
    return inverted;
}

bool matches(std::string_view pattern, std::string_view text) {
    while (!pattern.empty()) {
        if (pattern.front() == '*') {
            pattern.remove_prefix(1);
            for (std::size_t skipped = 0; skipped <= text.size(); ++skipped) {
                if (matches(pattern, text.substr(skipped))) {
                    return true;
                }
            }
            return false;
        }
        if (text.empty()) {
            return false;
        }
        // A bracket may be the set's first member.
        const auto end = pattern.front() == '[' ? pattern.find(']', 2) : std::string_view::npos;
        if (end != std::string_view::npos) {
            if (!is_of_set(pattern.substr(1, end - 1), text.front())) {
                return false;
            }
            pattern.remove_prefix(end);
        } else if (pattern.front() != '?' && pattern.front() != text.front()) {
            return false;
        }
        pattern.remove_prefix(1);
        text.remove_prefix(1);
    }
    return text.empty();
}

}  // namespace

std::optional<FileId> file_id(const std::filesystem::path& path) noexcept {
    HANDLE const file = open(path, 0, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
    if (file == INVALID_HANDLE_VALUE) {
        return std::nullopt;
    }
    BY_HANDLE_FILE_INFORMATION information{};
    const bool known = GetFileInformationByHandle(file, &information) != 0;
    CloseHandle(file);
    return known ? std::optional(FileId{information.dwVolumeSerialNumber,
                                        std::uint64_t{information.nFileIndexHigh} << 32U |
                                            information.nFileIndexLow})
                 : std::nullopt;
}

std::error_code rename_without_replacing(const std::filesystem::path& from,
                                         const std::filesystem::path& to) noexcept {
    return MoveFileExW(from.c_str(), to.c_str(), MOVEFILE_WRITE_THROUGH) != 0 ? std::error_code()
                                                                              : last_error();
}

// Access rights are lists of rules here, so the only reliable check is to try.
std::error_code check_folder_is_writable(const std::filesystem::path& folder) noexcept {
    try {
        const auto probe = folder / (L".speciesnet." + std::to_wstring(std::random_device()()));
        HANDLE const file = open(probe, GENERIC_WRITE, CREATE_NEW, FILE_FLAG_DELETE_ON_CLOSE);
        if (file == INVALID_HANDLE_VALUE) {
            return last_error();
        }
        CloseHandle(file);
        return {};
    } catch (const std::exception&) {
        return std::make_error_code(std::errc::not_enough_memory);
    }
}

// GCC's library takes paths of MAX_PATH units, its own pattern and the end included.
std::error_code check_folder_can_be_listed(const std::filesystem::path& folder) noexcept {
    try {
        constexpr std::size_t longest = MAX_PATH - std::size_t{3};
        return std::filesystem::absolute(folder).native().size() <= longest
                   ? std::error_code()
                   : std::make_error_code(std::errc::filename_too_long);
    } catch (const std::exception&) {
        return std::make_error_code(std::errc::not_enough_memory);
    }
}

bool matches_pattern(const std::string& pattern, const std::string& text) {
    return matches(pattern, text);
}

}  // namespace speciesnet
