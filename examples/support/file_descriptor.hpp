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

/// Throws IoError with the failed operation, the file and the reason.
/// @param error an errno value
[[noreturn]] void throw_io_error(const std::string& what, const std::filesystem::path& file,
                                 int error);

void close_descriptor(int descriptor) noexcept;

/// Owns a file descriptor (on Windows, one of the C library) and closes it.
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

/// Opens a file or pipe that is read from start to end.
/// @return not open on failure; errno holds the reason
FileDescriptor open_to_read(const std::filesystem::path& file) noexcept;

/// The purpose for which a program opens a file that it maintains.
enum class Keeping { reading, adding, making };

/// Opens a file that this project's programs maintain. Refuses links, pipes and devices. Never
/// blocks. Data is written to its end.
/// @return not open if it does not exist and must not be created
/// @throws IoError
FileDescriptor open_kept_file(const std::filesystem::path& file, Keeping keeping);

/// Locks a file against other programs until it is closed. Does nothing on file systems without
/// locks. @return false if another program has locked it
bool try_lock(const FileDescriptor& descriptor) noexcept;

/// Returns whether an open file has been removed.
bool is_removed(const FileDescriptor& descriptor) noexcept;

/// Returns whether read_at() can read it.
bool has_places(const FileDescriptor& descriptor) noexcept;

/// Reads the following bytes. @return bytes read; 0 at the end @throws IoError naming the file
std::size_t read_on(const FileDescriptor& descriptor, std::span<char> target,
                    const std::filesystem::path& file);

/// Reads at an offset in a file. @return bytes read; 0 at the end @throws IoError naming the file
std::size_t read_at(const FileDescriptor& descriptor, std::span<char> target, std::uint64_t offset,
                    const std::filesystem::path& file);

/// Writes a text completely. @throws IoError naming the file
void write_all(const FileDescriptor& descriptor, std::string_view content,
               const std::filesystem::path& file);

/// Truncates a file. @return false on failure; errno holds the reason
bool try_to_cut_off(const FileDescriptor& descriptor, std::uint64_t size) noexcept;
/// @throws IoError naming the file
void cut_off(const FileDescriptor& descriptor, std::uint64_t size,
             const std::filesystem::path& file);

/// Waits until all data is on disk. @throws IoError naming the file
void sync_to_disk(const FileDescriptor& descriptor, const std::filesystem::path& file);

/// Returns the size in bytes. @throws IoError
std::size_t file_size(const FileDescriptor& file);

/// Returns the whole content. @throws IoError
std::vector<std::byte> read_file(const FileDescriptor& file);

/// Opens a file for reading and writing that has no name and is removed when it is closed. Data is
/// written to its end.
/// @param purpose part of the name that it has for a moment @throws IoError
FileDescriptor open_unnamed_file(const std::string& purpose);

}  // namespace speciesnet
