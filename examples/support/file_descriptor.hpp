// SPDX-License-Identifier: Apache-2.0
// A file descriptor, with errors that name the file.
#pragma once

#include "speciesnet/error.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace speciesnet {

/// Throws IoError: what could not be done with which file, and why.
/// @param error of errno
[[noreturn]] void throw_io_error(const std::string& what, const std::filesystem::path& file,
                                 int error);

void close_descriptor(int descriptor) noexcept;

/// Owns a file descriptor, on Windows one of the C library; closes it at the end.
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
            close_descriptor(descriptor_);
        }
    }

    bool is_open() const noexcept { return descriptor_ >= 0; }
    int get() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

/// Opens what is read from its beginning to its end: a file, or a pipe.
/// @return not open, and errno says why, if that fails
FileDescriptor open_to_read(const std::filesystem::path& file) noexcept;

/// What a file that programs of ours keep is opened for.
enum class Keeping { reading, adding, making };

/// Opens a file that programs of ours keep, under no other name than its own: no link, pipe or
/// device. Never waits. What is written goes to its end.
/// @return not open if it does not exist and is not to be made
/// @throws IoError
FileDescriptor open_kept_file(const std::filesystem::path& file, Keeping keeping);

/// Locks a file against other programs until it is closed. Where the file system knows no locks
/// there are none. @return false if another has locked it
bool try_lock(const FileDescriptor& descriptor) noexcept;

/// Whether an open file has been removed meanwhile.
bool is_removed(const FileDescriptor& descriptor) noexcept;

/// Whether read_at() can read it.
bool has_places(const FileDescriptor& descriptor) noexcept;

/// Reads what follows. @return bytes read; 0 at the end @throws IoError naming the file
std::size_t read_on(const FileDescriptor& descriptor, std::span<char> target,
                    const std::filesystem::path& file);

/// Reads from a place in a file. @return bytes read; 0 at the end @throws IoError naming the file
std::size_t read_at(const FileDescriptor& descriptor, std::span<char> target, std::uint64_t offset,
                    const std::filesystem::path& file);

/// Writes all of a text. @throws IoError naming the file
void write_all(const FileDescriptor& descriptor, std::string_view content,
               const std::filesystem::path& file);

/// Cuts off what is behind a size. @return false if that fails; errno says why
bool try_to_cut_off(const FileDescriptor& descriptor, std::uint64_t size) noexcept;
/// @throws IoError naming the file
void cut_off(const FileDescriptor& descriptor, std::uint64_t size,
             const std::filesystem::path& file);

/// Waits until all is on disk. @throws IoError naming the file
void sync_to_disk(const FileDescriptor& descriptor, const std::filesystem::path& file);

/// Bytes. @throws IoError
std::size_t file_size(const FileDescriptor& file);

/// The whole content. @throws IoError
std::vector<std::byte> read_file(const FileDescriptor& file);

/// A file for writing and reading that has no name and is gone when it is closed; what is written
/// goes to its end.
/// @param purpose a part of the name that it has for an instant @throws IoError
FileDescriptor open_unnamed_file(const std::string& purpose);

}  // namespace speciesnet
