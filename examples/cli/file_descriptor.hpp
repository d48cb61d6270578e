// An open file of the operating system, and errors that name the file.
#pragma once

#include "speciesnet/error.hpp"

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace speciesnet::cli {

/// Throws IoError: what could not be done with which file, and why.
/// @param error of errno
[[noreturn]] inline void throw_io_error(const std::string& what, const std::filesystem::path& file,
                                        int error) {
    const auto code = error == ENOENT ? ErrorCode::not_found : ErrorCode::io;
    throw IoError(code,
                  what + " '" + file.native() + "': " + std::generic_category().message(error));
}

/// Owns a file descriptor; closes it at the end.
class FileDescriptor {
public:
    /// @param descriptor below 0 if there is none
    explicit FileDescriptor(int descriptor = -1) noexcept : descriptor_(descriptor) {}
    FileDescriptor(FileDescriptor&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    ~FileDescriptor() {
        if (is_open()) {
            ::close(descriptor_);
        }
    }

    bool is_open() const noexcept { return descriptor_ >= 0; }
    int get() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

}  // namespace speciesnet::cli
