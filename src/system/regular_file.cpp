// SPDX-License-Identifier: Apache-2.0
// Uses O_NONBLOCK: opening a named pipe must not wait for a writer. The type is checked on the open
// descriptor and not on the path, whose file may be replaced in between.
#include "system/regular_file.hpp"

#include "speciesnet/error.hpp"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace speciesnet {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, ErrorCode code, const std::string& why) {
    throw IoError(code, "cannot read '" + path.string() + "': " + why);
}

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
    fail(path, error == ENOENT || error == ENOTDIR ? ErrorCode::not_found : ErrorCode::io,
         std::generic_category().message(error));
}

/// What a file is that is not regular.
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

}  // namespace

RegularFile::RegularFile(std::filesystem::path path)
    : path_(std::move(path)),
      descriptor_(open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
    if (descriptor_ < 0) {
        // What opening a socket, or a device without a driver, answers.
        if (errno == ENXIO) {
            fail(path_, ErrorCode::io, "it is no regular file");
        }
        fail(path_, errno);
    }
    struct stat status {};
    const int error = fstat(descriptor_, &status) != 0 ? errno : 0;
    if (error != 0 || !S_ISREG(status.st_mode)) {
        close(descriptor_);
        if (error != 0) {
            fail(path_, error);
        }
        fail(path_, ErrorCode::io,
             std::string("it is ") + kind_of(status.st_mode) + ", not a regular file");
    }
    size_ = static_cast<std::uint64_t>(status.st_size);
}

RegularFile::~RegularFile() {
    close(descriptor_);
}

std::size_t RegularFile::read(std::span<std::byte> target) {
    std::size_t filled = 0;
    while (filled < target.size()) {
        const auto count = ::read(descriptor_, target.data() + filled, target.size() - filled);
        if (count == 0) {
            break;
        }
        if (count > 0) {
            filled += static_cast<std::size_t>(count);
        } else if (errno != EINTR) {
            fail(path_, errno);
        }
    }
    return filled;
}

}  // namespace speciesnet
