// SPDX-License-Identifier: Apache-2.0
// Retries operations that a signal interrupted.
#include "file_descriptor.hpp"

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>

namespace speciesnet {
namespace {

[[noreturn]] void fail_to_read(int error) {
    throw IoError(ErrorCode::io, "read a file: " + std::generic_category().message(error));
}

}  // namespace

void throw_io_error(const std::string& what, const std::filesystem::path& file, int error) {
    const auto code = error == ENOENT ? ErrorCode::not_found : ErrorCode::io;
    throw IoError(code,
                  what + " '" + file.native() + "': " + std::generic_category().message(error));
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

std::size_t file_size(const FileDescriptor& file) {
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) {
        fail_to_read(errno);
    }
    return static_cast<std::size_t>(status.st_size);
}

std::vector<std::byte> read_file(const FileDescriptor& file) {
    std::vector<std::byte> bytes(file_size(file));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const ssize_t count = ::pread(file.get(), bytes.data() + filled, bytes.size() - filled,
                                      static_cast<off_t>(filled));
        if (count > 0) {
            filled += static_cast<std::size_t>(count);
        } else if (count == 0 || errno != EINTR) {
            fail_to_read(count == 0 ? EIO : errno);
        }
    }
    return bytes;
}

FileDescriptor open_unnamed_file(const std::string& purpose) {
    const auto pattern =
        std::filesystem::temp_directory_path() / ("speciesnet." + purpose + ".XXXXXX");
    auto name = pattern.native();
    FileDescriptor descriptor(::mkostemp(name.data(), O_APPEND | O_CLOEXEC));
    if (!descriptor.is_open()) {
        throw_io_error("cannot write", pattern, errno);
    }
    ::unlink(name.c_str());
    return descriptor;
}

}  // namespace speciesnet
