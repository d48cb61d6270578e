// A walk that reports what it cannot read instead of skipping it silently.
#include "folder_scan.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 12> extensions{".jpg",  ".JPG",  ".jpeg", ".JPEG",
                                                      ".png",  ".PNG",  ".tif",  ".TIF",
                                                      ".tiff", ".TIFF", ".webp", ".WEBP"};

bool has_photo_extension(std::string_view name) {
    return std::any_of(extensions.begin(), extensions.end(),
                       [name](std::string_view extension) { return name.ends_with(extension); });
}

/// Spells a path as Python's pathlib does.
std::string as_posix(const std::string& path) {
    std::string result;
    for (const auto& part : fs::path(path)) {
        if (part.empty() || part == ".") {
            continue;
        }
        if (!result.empty() && result.back() != '/') {
            result += '/';
        }
        result += part.native();
    }
    return result;
}

/// Compares paths part by part: a slash, which ends a part, comes before every other character.
bool by_parts(const std::string& left, const std::string& right) {
    const auto rank = [](char character) {
        return character == '/' ? 0 : static_cast<unsigned char>(character);
    };
    return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(),
                                        [&](char a, char b) { return rank(a) < rank(b); });
}

void scan(const std::string& folder, FolderScan& found) {
    std::vector<std::string> pending{folder};
    while (!pending.empty()) {
        const std::string current = std::move(pending.back());
        pending.pop_back();
        std::error_code error;
        fs::directory_iterator entry(current.empty() ? "." : current, error);
        for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
            const std::string name = entry->path().filename().native();
            const std::string path =
                current.empty() || current.ends_with('/') ? current + name : current + '/' + name;
            std::error_code vanished;
            if (fs::is_directory(entry->symlink_status(vanished))) {
                pending.push_back(path);
            } else if (has_photo_extension(name)) {
                found.files.push_back(path);
            }
        }
        if (error) {
            found.unreadable.push_back("'" + current + "': " + error.message());
        }
    }
}

}  // namespace

FolderScan scan_folders(const std::vector<std::string>& folders) {
    FolderScan found;
    for (const auto& folder : folders) {
        if (!fs::is_directory(folder)) {
            throw IoError(ErrorCode::not_found, "'" + folder + "' is not a folder");
        }
        scan(as_posix(folder), found);
    }
    std::sort(found.files.begin(), found.files.end(), by_parts);
    found.files.erase(std::unique(found.files.begin(), found.files.end()), found.files.end());
    return found;
}

}  // namespace speciesnet::cli
