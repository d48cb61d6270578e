// SPDX-License-Identifier: Apache-2.0
#include "system/files.hpp"

#include "speciesnet/error.hpp"

#include "system/file_operations.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace speciesnet {
namespace {

[[noreturn]] void fail_to_read(const std::filesystem::path& path, ErrorCode code,
                               const std::string& why) {
    throw IoError(code, "cannot read '" + path.string() + "': " + why);
}

[[noreturn]] void fail_to_read(const std::filesystem::path& path, int error) {
    fail_to_read(path, error == ENOENT || error == ENOTDIR ? ErrorCode::not_found : ErrorCode::io,
                 std::generic_category().message(error));
}

/// Names the kind of a file that is not regular.
const char* kind_of(mode_t mode) {
    switch (mode & S_IFMT) {
        case S_IFDIR:
            return "a folder";
        case S_IFIFO:
            return "a named pipe";
        case S_IFSOCK:
            return "a socket";
        default:
            return "a device";
    }
}

int descriptor_of(NativeFile file) {
    return static_cast<int>(file);
}

std::error_code of(int error) {
    return {error, std::generic_category()};
}

void write_all(NativeFile file, const std::filesystem::path& path, std::string_view content) {
    while (!content.empty()) {
        const auto written = ::write(descriptor_of(file), content.data(), content.size());
        if (written >= 0) {
            content.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            fail_with_file("cannot write", path, of(errno));
        }
    }
}

}  // namespace

void close_file(NativeFile file) noexcept {
    close(descriptor_of(file));
}

void sync_to_disk(const std::filesystem::path& path) {
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        fail_with_file("cannot open", path, of(errno));
    }
    const int error = fsync(descriptor) != 0 ? errno : 0;
    close(descriptor);
    if (error != 0) {
        fail_with_file("cannot write", path, of(error));
    }
}

std::filesystem::path make_unique_folder(const std::filesystem::path& parent,
                                         const std::string& prefix) {
    std::string folder = (parent / (prefix + "XXXXXX")).string();
    if (mkdtemp(folder.data()) == nullptr) {
        fail_with_file("cannot write in", parent, of(errno));
    }
    return folder;
}

// O_NONBLOCK: opening a named pipe must not wait for a writer. The type is checked on the open
// descriptor, because the file at the path may be replaced in the meantime.
RegularFile::RegularFile(std::filesystem::path path)
    : path_(std::move(path)),
      file_(open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
    if (file_ < 0) {
        // The error of opening a socket, or a device without a driver.
        if (errno == ENXIO) {
            fail_to_read(path_, ErrorCode::io, "it is not a regular file");
        }
        fail_to_read(path_, errno);
    }
    struct stat status {};
    const int error = fstat(descriptor_of(file_), &status) != 0 ? errno : 0;
    if (error != 0 || !S_ISREG(status.st_mode)) {
        close_file(file_);
        if (error != 0) {
            fail_to_read(path_, error);
        }
        fail_to_read(path_, ErrorCode::io,
                     std::string("it is ") + kind_of(status.st_mode) + ", not a regular file");
    }
    size_ = static_cast<std::uint64_t>(status.st_size);
}

RegularFile::~RegularFile() {
    close_file(file_);
}

std::size_t RegularFile::read(std::span<std::byte> target) {
    std::size_t filled = 0;
    while (filled < target.size()) {
        const auto count =
            ::read(descriptor_of(file_), target.data() + filled, target.size() - filled);
        if (count == 0) {
            break;
        }
        if (count > 0) {
            filled += static_cast<std::size_t>(count);
        } else if (errno != EINTR) {
            fail_to_read(path_, errno);
        }
    }
    return filled;
}

// O_EXCL: two files of a package with the same name must not silently overwrite each other.
NewFile::NewFile(std::filesystem::path path)
    : path_(std::move(path)),
      file_(open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {
    if (file_ < 0) {
        fail_with_file("cannot create", path_, of(errno));
    }
}

NewFile::~NewFile() {
    if (file_ >= 0) {
        close_file(file_);
    }
}

void NewFile::write(std::string_view content) {
    write_all(file_, path_, content);
}

void NewFile::close() {
    if (::close(descriptor_of(std::exchange(file_, -1))) != 0) {
        fail_with_file("cannot write", path_, of(errno));
    }
}

GrowingFile::GrowingFile(std::filesystem::path path)
    : path_(std::move(path)), file_(open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666)) {
    const off_t end = file_ < 0 ? -1 : lseek(descriptor_of(file_), 0, SEEK_END);
    if (end < 0) {
        const int error = errno;
        if (file_ >= 0) {
            close_file(file_);
        }
        fail_with_file("cannot write", path_, of(error));
    }
    size_ = static_cast<std::uint64_t>(end);
}

GrowingFile::~GrowingFile() {
    close_file(file_);
}

void GrowingFile::append(std::string_view content) {
    write_all(file_, path_, content);
    size_ += content.size();
}

void GrowingFile::clear() {
    const int descriptor = descriptor_of(file_);
    if (ftruncate(descriptor, 0) != 0 || lseek(descriptor, 0, SEEK_SET) != 0) {
        fail_with_file("cannot write", path_, of(errno));
    }
    size_ = 0;
}

void GrowingFile::sync() {
    if (fsync(descriptor_of(file_)) != 0) {
        fail_with_file("cannot write", path_, of(errno));
    }
}

bool is_file_name(std::string_view name) noexcept {
    return !name.empty() && name != "." && name != ".." &&
           name.find('/') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

std::error_code replace_path(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::error_code error;
    std::filesystem::rename(from, to, error);
    return error;
}

}  // namespace speciesnet
