// SPDX-License-Identifier: Apache-2.0
// Reads with libarchive, but writes files itself, because it restricts which ones are created.
#include "download/archive.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "system/files.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <string>
#include <system_error>

#include <archive.h>
#include <archive_entry.h>

namespace speciesnet {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t always_allowed = std::uint64_t{16} << 20;
constexpr std::uint64_t highest_ratio = 100;
constexpr std::size_t deepest_path = 8;
constexpr std::size_t longest_name = 255;

bool is_plain_letter(char letter) {
    return static_cast<unsigned char>(letter) >= 0x20 && letter != 0x7f && letter != '\\';
}

bool is_safe_name(std::string_view name) {
    return !name.empty() && name.size() <= longest_name && is_file_name(name) &&
           std::all_of(name.begin(), name.end(), is_plain_letter);
}

/// Removes a leading "./" and a trailing "/", which tar writes.
std::string_view trimmed(std::string_view path) {
    while (path.starts_with("./")) {
        path.remove_prefix(2);
    }
    while (path.size() > 1 && path.ends_with('/')) {
        path.remove_suffix(1);
    }
    return path;
}

/// The extraction of an archive into a folder.
class Extraction {
public:
    Extraction(std::string_view content, std::string_view origin, const fs::path& destination,
               const ArchiveLimits& limits, const std::stop_token& stop)
        : origin_(origin),
          destination_(destination),
          entries_left_(limits.max_entries),
          bytes_left_(std::min<std::uint64_t>(limits.max_bytes,
                                              always_allowed + highest_ratio * content.size())),
          stop_(stop) {
        if (archive_ == nullptr) {
            throw std::bad_alloc();
        }
        archive_read_support_filter_gzip(archive_.get());
        archive_read_support_format_tar(archive_.get());
        archive_read_support_format_zip(archive_.get());
        if (archive_read_open_memory(archive_.get(), content.data(), content.size()) !=
            ARCHIVE_OK) {
            fail_reading();
        }
    }

    void run() {
        std::error_code error;
        fs::create_directories(destination_, error);
        if (error) {
            throw IoError(ErrorCode::io,
                          "cannot create '" + utf8_text(destination_) + "': " + error.message());
        }
        archive_entry* entry = nullptr;
        while (true) {
            const int status = archive_read_next_header(archive_.get(), &entry);
            if (status == ARCHIVE_EOF) {
                return;
            }
            if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
                fail_reading();
            }
            if (entries_left_-- == 0) {
                fail("contains too many files");
            }
            extract(entry);
        }
    }

private:
    [[noreturn]] void fail(const std::string& what) const {
        throw ModelError(ErrorCode::model_invalid,
                         "archive '" + std::string(origin_) + "' " + what);
    }

    [[noreturn]] void fail_reading() const {
        const char* const reason = archive_error_string(archive_.get());
        fail(std::string("cannot be read: ") + (reason != nullptr ? reason : "damaged"));
    }

    void extract(archive_entry* entry) {
        const char* const stored = archive_entry_pathname(entry);
        if (stored == nullptr) {
            fail("contains a file with an unsafe name");
        }
        const std::string path(trimmed(stored));
        const auto type = archive_entry_filetype(entry);
        if (type == AE_IFDIR && (path.empty() || path == ".")) {
            return;
        }
        if (!is_safe_path(path)) {
            fail("contains a file with an unsafe name");
        }
        if (archive_entry_hardlink(entry) != nullptr || archive_entry_symlink(entry) != nullptr ||
            (type != AE_IFREG && type != AE_IFDIR)) {
            fail("holds '" + path + "', which is neither a plain file nor a folder");
        }
        if (archive_entry_is_encrypted(entry) != 0) {
            fail("holds '" + path + "', which is encrypted");
        }
        const auto target = destination_ / utf8_path(path);
        make_folders(type == AE_IFDIR ? target : target.parent_path(), path);
        if (type == AE_IFREG) {
            write_content(target, path);
        }
    }

    void make_folders(const fs::path& folder, const std::string& path) const {
        std::error_code error;
        fs::create_directories(folder, error);
        if (error || !fs::is_directory(folder)) {
            fail("holds '" + path + "' below a file");
        }
    }

    void write_content(const fs::path& target, const std::string& path) {
        if (std::error_code ignored; fs::exists(fs::symlink_status(target, ignored))) {
            fail("holds '" + path + "' twice");
        }
        NewFile file(target);
        std::array<char, 65536> block{};
        while (true) {
            if (stop_.stop_requested()) {
                throw Cancelled();
            }
            const auto size = archive_read_data(archive_.get(), block.data(), block.size());
            if (size < 0) {
                fail_reading();
            }
            if (size == 0) {
                file.close();
                return;
            }
            const auto count = static_cast<std::size_t>(size);
            if (count > bytes_left_) {
                fail("exceeds the size limit");
            }
            bytes_left_ -= count;
            file.write({block.data(), count});
        }
    }

    std::string_view origin_;
    const fs::path& destination_;
    std::uint64_t entries_left_;
    std::uint64_t bytes_left_;
    const std::stop_token& stop_;
    std::unique_ptr<archive, decltype(&archive_read_free)> archive_{archive_read_new(),
                                                                    archive_read_free};
};

}  // namespace

void extract_archive(std::string_view archive, std::string_view origin, const fs::path& destination,
                     const ArchiveLimits& limits, const std::stop_token& stop) {
    Extraction(archive, origin, destination, limits, stop).run();
}

bool is_safe_path(std::string_view path) {
    for (std::size_t depth = 0; depth < deepest_path; ++depth) {
        const auto end = path.find('/');
        if (!is_safe_name(path.substr(0, end))) {
            return false;
        }
        if (end == std::string_view::npos) {
            return true;
        }
        path.remove_prefix(end + 1);
    }
    return false;
}

}  // namespace speciesnet
