// SPDX-License-Identifier: Apache-2.0
// A file descriptor, with errors that name the file.
#pragma once

#include "speciesnet/error.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

namespace speciesnet {

/// Throws IoError: what could not be done with which file, and why.
/// @param error of errno
[[noreturn]] void throw_io_error(const std::string& what, const std::filesystem::path& file,
                                 int error);

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

/// Reads from a place in a file. @return bytes read; 0 at the end @throws IoError naming the file
std::size_t read_at(const FileDescriptor& descriptor, std::span<char> target, std::uint64_t offset,
                    const std::filesystem::path& file);

/// Bytes of a file, whichever name it has by now. @throws IoError
std::size_t file_size(const FileDescriptor& file);

/// All of a file. @throws IoError, also if it becomes shorter meanwhile
std::vector<std::byte> read_file(const FileDescriptor& file);

/// Opens a file for reading and adding that is gone when the program ends however it ends.
/// @param purpose part of the name that it has for a moment @throws IoError
FileDescriptor open_unnamed_file(const std::string& purpose);

}  // namespace speciesnet
