// SPDX-License-Identifier: Apache-2.0
// Interrupted system calls are repeated.
#include "file_descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace speciesnet {
namespace {

struct stat status_of(const FileDescriptor& descriptor, const std::filesystem::path& file) {
    struct stat status {};
    if (::fstat(descriptor.get(), &status) != 0) {
        throw_io_error("cannot read", file, errno);
    }
    return status;
}

int flags_of(Keeping keeping) {
    switch (keeping) {
        case Keeping::reading:
            return O_RDONLY;
        case Keeping::adding:
            return O_RDWR | O_APPEND;
        case Keeping::making:
            break;
    }
    return O_RDWR | O_APPEND | O_CREAT;
}

}  // namespace

void close_descriptor(int descriptor) noexcept {
    ::close(descriptor);
}

FileDescriptor open_to_read(const std::filesystem::path& file) noexcept {
    return FileDescriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
}

// O_NONBLOCK: opening must not wait for a named pipe before its type is known.
FileDescriptor open_kept_file(const std::filesystem::path& file, Keeping keeping) {
    FileDescriptor descriptor(
        ::open(file.c_str(), flags_of(keeping) | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0666));
    if (!descriptor.is_open()) {
        if (errno == ENOENT && keeping != Keeping::making) {
            return descriptor;
        }
        throw_io_error(keeping == Keeping::reading ? "cannot read" : "cannot write", file, errno);
    }
    if (!S_ISREG(status_of(descriptor, file).st_mode)) {
        throw IoError(ErrorCode::io, "'" + file.string() + "' is not a plain file");
    }
    return descriptor;
}

bool try_lock(const FileDescriptor& descriptor) noexcept {
    return ::flock(descriptor.get(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

bool is_removed(const FileDescriptor& descriptor) noexcept {
    struct stat status {};
    return ::fstat(descriptor.get(), &status) == 0 && status.st_nlink == 0;
}

bool has_places(const FileDescriptor& descriptor) noexcept {
    return ::lseek(descriptor.get(), 0, SEEK_CUR) >= 0;
}

std::size_t read_on(const FileDescriptor& descriptor, std::span<char> target,
                    const std::filesystem::path& file) {
    while (true) {
        const ssize_t count = ::read(descriptor.get(), target.data(), target.size());
        if (count >= 0) {
            return static_cast<std::size_t>(count);
        }
        if (errno != EINTR) {
            throw_io_error("cannot read", file, errno);
        }
    }
}

std::size_t read_at(const FileDescriptor& descriptor, std::span<char> target, std::uint64_t offset,
                    const std::filesystem::path& file) {
    while (true) {
        const ssize_t count =
            ::pread(descriptor.get(), target.data(), target.size(), static_cast<off_t>(offset));
        if (count >= 0) {
            return static_cast<std::size_t>(count);
        }
        if (errno != EINTR) {
            throw_io_error("cannot read", file, errno);
        }
    }
}

void write_all(const FileDescriptor& descriptor, std::string_view content,
               const std::filesystem::path& file) {
    while (!content.empty()) {
        const ssize_t written = ::write(descriptor.get(), content.data(), content.size());
        if (written < 0 && errno != EINTR) {
            throw_io_error("cannot write", file, errno);
        }
        content.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
    }
}

bool try_to_cut_off(const FileDescriptor& descriptor, std::uint64_t size) noexcept {
    return ::ftruncate(descriptor.get(), static_cast<off_t>(size)) == 0;
}

void sync_to_disk(const FileDescriptor& descriptor, const std::filesystem::path& file) {
    if (::fdatasync(descriptor.get()) != 0) {
        throw_io_error("cannot write", file, errno);
    }
}

std::size_t file_size(const FileDescriptor& file) {
    return static_cast<std::size_t>(status_of(file, "an open file").st_size);
}

FileDescriptor open_unnamed_file(const std::string& purpose) {
    const auto pattern =
        std::filesystem::temp_directory_path() / ("speciesnet." + purpose + ".XXXXXX");
    auto name = pattern.string();
    FileDescriptor descriptor(::mkostemp(name.data(), O_APPEND | O_CLOEXEC));
    if (!descriptor.is_open()) {
        throw_io_error("cannot write", pattern, errno);
    }
    ::unlink(name.c_str());
    return descriptor;
}

}  // namespace speciesnet
