// SPDX-License-Identifier: Apache-2.0
// Reports files and folders that it cannot read, instead of skipping them silently.
#include "folder_scan.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/media.hpp"
#include "speciesnet/utf8_path.hpp"

#include "files/text_file.hpp"
#include "paths.hpp"
#include "video/frame_name.hpp"
#include "visualize/copy_file.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> photo_extensions{".jpg", ".jpeg", ".png",
                                                           ".tif", ".tiff", ".webp"};

/// An extension of a format that only some builds read.
struct OptionalExtension {
    std::string_view extension;
    MediaType type;
};
constexpr std::array<OptionalExtension, 4> optional_extensions{{{".heic", MediaType::heic},
                                                                {".heif", MediaType::heic},
                                                                {".hif", MediaType::heic},
                                                                {".avif", MediaType::avif}}};

/// A kind of files that users expect to be processed.
struct Kind {
    std::string_view extension;
    const char* one;
    const char* several;
};
constexpr std::array<Kind, 17> other_kinds{{
    {".heic", "HEIC", "HEIC"},
    {".heif", "HEIC", "HEIC"},
    {".hif", "HEIC", "HEIC"},
    {".avif", "AVIF", "AVIF"},
    {".gif", "GIF", "GIF"},
    {".bmp", "BMP", "BMP"},
    {".dng", "RAW", "RAW"},
    {".cr2", "RAW", "RAW"},
    {".cr3", "RAW", "RAW"},
    {".nef", "RAW", "RAW"},
    {".arw", "RAW", "RAW"},
    {".orf", "RAW", "RAW"},
    {".rw2", "RAW", "RAW"},
    {".raf", "RAW", "RAW"},
    {".pef", "RAW", "RAW"},
    {".srw", "RAW", "RAW"},
    {".raw", "RAW", "RAW"},
}};

const Kind* other_kind(std::string_view lower_name) {
    for (const auto& kind : other_kinds) {
        if (lower_name.ends_with(kind.extension)) {
            return &kind;
        }
    }
    return nullptr;
}

/// Folders of thumbnails and of deleted files: Synology, QNAP, Windows, macOS, Linux.
constexpr std::array<std::string_view, 13> system_folders{"@eaDir",
                                                          "@Recycle",
                                                          "#recycle",
                                                          ".@__thumb",
                                                          "$RECYCLE.BIN",
                                                          "RECYCLER",
                                                          "System Volume Information",
                                                          ".Trashes",
                                                          ".Spotlight-V100",
                                                          ".fseventsd",
                                                          ".TemporaryItems",
                                                          "__MACOSX",
                                                          "lost+found"};

bool has_photo_extension(std::string_view lower_name) {
    const auto is_of = [lower_name](std::string_view extension) {
        return lower_name.ends_with(extension);
    };
    return std::any_of(photo_extensions.begin(), photo_extensions.end(), is_of) ||
           std::any_of(optional_extensions.begin(), optional_extensions.end(),
                       [&](const OptionalExtension& known) {
                           return is_of(known.extension) && can_decode(known.type);
                       });
}

bool is_system_folder(std::string_view name) {
    return std::find(system_folders.begin(), system_folders.end(), name) != system_folders.end() ||
           name.starts_with(".Trash-");
}

/// Returns whether a file is one that macOS writes beside each file that it copies to another file
/// system.
bool is_apple_double(std::string_view name, const std::string& path) {
    if (!name.starts_with("._")) {
        return false;
    }
    constexpr std::string_view magic{"\0\x05\x16\x07", 4};
    try {
        const auto bytes = read_beginning(utf8_path(path), magic.size());
        return bytes.empty() ||
               std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()) == magic;
    } catch (const IoError&) {
        return false;
    }
}

/// Spells a path as Python's pathlib does.
std::string as_posix(const std::string& path) {
    const auto whole = utf8_path(path);
    // On Windows, the path starts with the name of a drive or server.
    const auto root = whole.root_path().generic_u8string();
    std::string result(root.begin(), root.end());
    for (const auto& part : whole.relative_path()) {
        if (part.empty() || part == ".") {
            continue;
        }
        if (!result.empty() && result.back() != '/') {
            result += '/';
        }
        result += utf8_text(part);
    }
    return result;
}

/// Compares paths by components: a slash, which ends a component, precedes all other characters.
bool by_parts(const std::string& left, const std::string& right) {
    const auto rank = [](char character) {
        return character == '/' ? 0 : static_cast<unsigned char>(character);
    };
    return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(),
                                        [&](char a, char b) { return rank(a) < rank(b); });
}

/// One traversal of a folder.
class Walk {
public:
    Walk(std::string folder, const std::vector<std::string>& excluded, Videos videos,
         FolderScan& found)
        : folder_(std::move(folder)),
          excluded_(excluded),
          videos_(videos),
          found_(found),
          pending_{folder_} {}

    void run() {
        while (!pending_.empty()) {
            const std::string current = std::move(pending_.back());
            pending_.pop_back();
            const auto folder = utf8_path(current.empty() ? "." : current);
            auto error = check_folder_can_be_listed(folder);
            fs::directory_iterator entry;
            if (!error) {
                entry = fs::directory_iterator(folder, error);
            }
            for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
                add(current, *entry);
            }
            if (error) {
                found_.unreadable.push_back("'" + current + "': " + error.message());
            }
        }
    }

private:
    void add(const std::string& current, const fs::directory_entry& entry) {
        const std::string name = utf8_text(entry.path().filename());
        const std::string path =
            current.empty() || current.ends_with('/') ? current + name : current + '/' + name;
        std::error_code vanished;
        const bool is_folder = fs::is_directory(entry.symlink_status(vanished));
        if (is_excluded(relative(path), excluded_)) {
            found_.not_taken.add(is_folder ? "excluded folder" : "excluded file",
                                 is_folder ? "excluded folders" : "excluded files");
        } else if (is_folder) {
            add_folder(name, path);
        } else if (fs::is_directory(entry.status(vanished))) {
            found_.not_taken.add("linked folder", "linked folders");
        } else {
            add_file(name, path);
        }
    }

    void add_folder(const std::string& name, const std::string& path) {
        if (is_system_folder(name)) {
            found_.not_taken.add("system folder", "system folders");
        } else {
            pending_.push_back(path);
        }
    }

    void add_file(const std::string& name, const std::string& path) {
        const auto lower = lower_case(name);
        if (has_photo_extension(lower) || (videos_ == Videos::taken && is_video_name(lower))) {
            if (is_apple_double(name, path)) {
                found_.not_taken.add("system file", "system files");
            } else if (is_annotated_copy(path)) {
                found_.not_taken.add("annotated copy", "annotated copies");
            } else {
                found_.files.push_back(path);
            }
            return;
        }
        const Kind* const kind = other_kind(lower);
        if (name.starts_with("._") || (kind == nullptr && !is_video_name(lower))) {
            found_.not_taken.add("other file", "other files");
        } else if (kind == nullptr) {
            found_.not_taken.add("video", "videos");
        } else {
            found_.not_taken.add(kind->one, kind->several);
        }
    }

    std::string_view relative(const std::string& path) const {
        auto rest = std::string_view(path).substr(folder_.size());
        rest.remove_prefix(rest.starts_with('/') ? 1 : 0);
        return rest;
    }

    std::string folder_;
    const std::vector<std::string>& excluded_;
    Videos videos_;
    FolderScan& found_;
    std::vector<std::string> pending_;
};

}  // namespace

void NotTaken::add(const char* kind, const char* kinds) {
    auto& count = counts_[kind];
    ++count.number;
    count.plural = kinds;
}

std::string NotTaken::text() const {
    std::string list;
    for (const auto& [kind, count] : counts_) {
        list += (list.empty() ? "" : ", ") + std::to_string(count.number) + ' ' +
                (count.number == 1 ? std::string(kind) : count.plural);
    }
    return list;
}

bool is_excluded(std::string_view relative_path, const std::vector<std::string>& patterns) {
    const std::string path(relative_path);
    const auto name = path.substr(path.rfind('/') + 1);
    return std::any_of(patterns.begin(), patterns.end(), [&](std::string pattern) {
        while (pattern.size() > 1 && pattern.ends_with('/')) {
            pattern.pop_back();
        }
        const auto& text = pattern.find('/') == std::string::npos ? name : path;
        return matches_pattern(pattern, text);
    });
}

FolderScan scan_folders(const std::vector<std::string>& folders,
                        const std::vector<std::string>& excluded, Videos videos) {
    FolderScan found;
    for (const auto& folder : folders) {
        if (!fs::is_directory(utf8_path(folder))) {
            throw IoError(ErrorCode::not_found, "'" + folder + "' is not a folder");
        }
        found.folders.push_back(as_posix(folder));
        Walk(found.folders.back(), excluded, videos, found).run();
    }
    std::sort(found.files.begin(), found.files.end(), by_parts);
    found.files.erase(std::unique(found.files.begin(), found.files.end()), found.files.end());
    return found;
}

}  // namespace speciesnet::cli
