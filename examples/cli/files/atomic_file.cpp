// SPDX-License-Identifier: Apache-2.0
#include "atomic_file.hpp"

#include "speciesnet/utf8_path.hpp"

#include <system_error>
#include <utility>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

/// Text is written in blocks of about this size.
constexpr std::size_t block_size = 65536;

/// Resolves links, even if the target does not exist: a link is kept, and its target is replaced.
fs::path target_of(fs::path file) {
    // The limit of Linux.
    constexpr int most_links = 40;
    for (int link = 0; link < most_links && fs::is_symlink(fs::symlink_status(file)); ++link) {
        file = folder_of(file) / fs::read_symlink(file);
    }
    return file;
}

}  // namespace

void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        throw IoError(ErrorCode::io,
                      "cannot create the folder '" + utf8_text(folder) + "': " + error.message());
    }
}

fs::path folder_of(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

AtomicFile::AtomicFile(fs::path file) : file_(target_of(std::move(file))) {
    open();
}

AtomicFile::~AtomicFile() {
    if (!temporary_name_.empty()) {
        std::error_code ignored;
        fs::remove(temporary_name_, ignored);
    }
}

fs::path AtomicFile::temporary_name(const char* middle) const {
    // File names have at most 255 bytes.
    constexpr std::size_t longest_stem = 128;
    auto name = folder_of(file_) / file_.stem().native().substr(0, longest_stem);
    name += ".tmp.";
    name += middle;
    return name += file_.extension();
}

void AtomicFile::write(std::string_view content) {
    buffer_ += content;
    if (buffer_.size() >= block_size) {
        flush();
    }
}

void AtomicFile::flush() {
    write_all(descriptor_, buffer_, file_);
    buffer_.clear();
}

void AtomicFile::publish() {
    flush();
    sync_to_disk(descriptor_, file_);
    replace();
    temporary_name_.clear();
}

}  // namespace speciesnet::cli
