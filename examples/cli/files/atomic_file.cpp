// SPDX-License-Identifier: Apache-2.0
// Uses O_TMPFILE if available, else mkstemps(); then fsync, rename, and fsync of the folder.
#include "atomic_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

/// Text is written in blocks of about this size.
constexpr std::size_t block_size = 65536;

std::string temporary_name(const fs::path& file, const char* middle) {
    // Names may have 255 bytes.
    constexpr std::size_t longest_stem = 128;
    const auto stem = file.stem().native().substr(0, longest_stem);
    return (folder_of(file) / stem).native() + ".tmp." + middle + file.extension().native();
}

/// What a path leads to, whether that exists or not: a link stays one, and its target is replaced.
fs::path target_of(fs::path file) {
    // As many links as Linux follows.
    constexpr int most_links = 40;
    for (int link = 0; link < most_links && fs::is_symlink(fs::symlink_status(file)); ++link) {
        file = folder_of(file) / fs::read_symlink(file);
    }
    return file;
}

/// Results are as public as the user's other files.
mode_t public_mode() {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return 0666 & ~mask;
}

}  // namespace

void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        throw IoError(ErrorCode::io,
                      "cannot make the folder '" + folder.native() + "': " + error.message());
    }
}

fs::path folder_of(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

void write_all(const FileDescriptor& descriptor, std::string_view content, const fs::path& file) {
    while (!content.empty()) {
        const ssize_t written = ::write(descriptor.get(), content.data(), content.size());
        if (written < 0 && errno != EINTR) {
            throw_io_error("cannot write", file, errno);
        }
        content.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
    }
}

AtomicFile::AtomicFile(fs::path file)
    : file_(target_of(std::move(file))),
      descriptor_(::open(folder_of(file_).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666)) {
    if (!descriptor_.is_open()) {
        open_temporary();
    }
}

AtomicFile::~AtomicFile() {
    if (!temporary_name_.empty()) {
        ::unlink(temporary_name_.c_str());
    }
}

void AtomicFile::open_temporary() {
    auto name = temporary_name(file_, "XXXXXX");
    const auto suffix = static_cast<int>(file_.extension().native().size());
    descriptor_ = FileDescriptor(::mkstemps(name.data(), suffix));
    if (!descriptor_.is_open()) {
        throw_io_error("cannot write", file_, errno);
    }
    temporary_name_ = std::move(name);
    // mkstemps() makes files private.
    ::fchmod(descriptor_.get(), public_mode());
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

/// A nameless file is linked to a temporary name first, as a link cannot replace a file.
void AtomicFile::give_name() {
    const std::string link = "/proc/self/fd/" + std::to_string(descriptor_.get());
    auto name = temporary_name(file_, std::to_string(::getpid()).c_str());
    ::unlink(name.c_str());
    if (::linkat(AT_FDCWD, link.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0) {
        throw_io_error("cannot write", file_, errno);
    }
    temporary_name_ = std::move(name);
}

void AtomicFile::publish() {
    flush();
    if (::fsync(descriptor_.get()) != 0) {
        throw_io_error("cannot write", file_, errno);
    }
    if (temporary_name_.empty()) {
        give_name();
    }
    if (::rename(temporary_name_.c_str(), file_.c_str()) != 0) {
        throw_io_error("cannot write", file_, errno);
    }
    temporary_name_.clear();
    const FileDescriptor folder(
        ::open(folder_of(file_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.is_open()) {
        ::fsync(folder.get());
    }
}

}  // namespace speciesnet::cli
