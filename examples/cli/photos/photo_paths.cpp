// SPDX-License-Identifier: Apache-2.0
// Does not access files: the paths may be those of another machine.
#include "photo_paths.hpp"

#include <algorithm>

namespace speciesnet::cli {
namespace {

bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool has_drive_or_server(std::string_view path) {
    const bool drive = path.size() > 2 && is_letter(path[0]) && path[1] == ':' &&
                       (path[2] == '\\' || path[2] == '/');
    return drive || path.starts_with("\\\\");
}

bool is_dcim(std::string_view name) {
    const std::string_view dcim = "dcim";
    return std::equal(name.begin(), name.end(), dcim.begin(), dcim.end(),
                      [](char letter, char lower) { return (letter | 0x20) == lower; });
}

bool is_overflow_folder(std::string_view name) {
    constexpr std::size_t digits = 3;
    constexpr std::size_t characters = 8;
    return name.size() == characters && name[0] != '0' &&
           std::all_of(name.begin(), name.begin() + digits, is_digit) &&
           std::all_of(name.begin() + digits, name.end(),
                       [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

}  // namespace

std::string with_slashes(std::string_view path) {
    std::string text(path);
    std::replace(text.begin(), text.end(), '\\', '/');
    return text;
}

void PathStyle::add(std::string_view path) {
    if (has_drive_or_server(path)) {
        any_windows_ = true;
    } else if (path.find('/') != std::string_view::npos) {
        any_other_ = true;
    } else if (path.find('\\') != std::string_view::npos) {
        any_windows_ = true;
    }
}

std::string PathStyle::with_slashes(std::string_view path) const {
    return is_windows() ? cli::with_slashes(path) : std::string(path);
}

std::string_view folder_part(std::string_view path) {
    return path.substr(0, path.rfind('/') + 1);
}

std::string_view camera_folder(std::string_view folder) {
    while (!folder.empty()) {
        const auto above = folder_part(folder.substr(0, folder.size() - 1));
        const auto name = folder.substr(above.size(), folder.size() - above.size() - 1);
        if (!is_dcim(name) && !is_overflow_folder(name)) {
            break;
        }
        folder = above;
    }
    return folder;
}

std::string_view shared_folder(std::string_view folder, std::string_view other) {
    const auto differs =
        std::mismatch(folder.begin(), folder.end(), other.begin(), other.end()).first;
    return folder_part(folder.substr(0, static_cast<std::size_t>(differs - folder.begin())));
}

}  // namespace speciesnet::cli
