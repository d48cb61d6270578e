// SPDX-License-Identifier: Apache-2.0
// What the operating system interrupts is tried again.
#include "file_descriptor.hpp"

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>

namespace speciesnet::cli {

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

}  // namespace speciesnet::cli
