// SPDX-License-Identifier: Apache-2.0
// Files and folders of the operating system: opened for reading, written, and published when they
// are complete.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace speciesnet {

/// The operating system's reference to an open file: a descriptor; on Windows, a handle.
using NativeFile = std::intptr_t;

/// A regular file, open for reading; closed with this object.
class RegularFile {
public:
    /// Never blocks: a named pipe without a writer, a device or a socket is an error at once.
    /// @throws IoError not_found if it does not exist; io otherwise, naming what it is
    explicit RegularFile(std::filesystem::path path);
    ~RegularFile();
    RegularFile(const RegularFile&) = delete;
    RegularFile& operator=(const RegularFile&) = delete;

    /// Returns the number of bytes when the file was opened.
    std::uint64_t size() const noexcept { return size_; }
    NativeFile native() const noexcept { return file_; }
    /// Fills `target` with the following bytes. @return bytes read; fewer at the end of the file
    /// @throws IoError
    std::size_t read(std::span<std::byte> target);

private:
    std::filesystem::path path_;
    NativeFile file_;
    std::uint64_t size_ = 0;
};

/// A file that must not exist yet. Every error is reported.
class NewFile {
public:
    /// @throws IoError if it exists or cannot be created
    explicit NewFile(std::filesystem::path path);
    ~NewFile();
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    /// Appends. @throws IoError
    void write(std::string_view content);
    /// Closes the file, after which nothing can be written. @throws IoError for delayed write
    /// errors
    void close();

private:
    std::filesystem::path path_;
    NativeFile file_;
};

/// A file to which data is only appended. It is created if it does not exist. Every error is
/// reported.
class GrowingFile {
public:
    /// @throws IoError
    explicit GrowingFile(std::filesystem::path path);
    ~GrowingFile();
    GrowingFile(const GrowingFile&) = delete;
    GrowingFile& operator=(const GrowingFile&) = delete;

    std::uint64_t size() const noexcept { return size_; }
    /// Appends to the content. @throws IoError
    void append(std::string_view content);
    /// Removes the content. @throws IoError
    void clear();
    /// Waits until all data is on disk. @throws IoError
    void sync();

private:
    std::filesystem::path path_;
    NativeFile file_;
    std::uint64_t size_ = 0;
};

/// Returns whether a text is a plain file name that refers to nothing outside its folder: not "..",
/// and on Windows not the name of a device, of a drive or of a stream.
bool is_file_name(std::string_view name) noexcept;

/// Creates a file with this content. @throws IoError
void write_new_file(const std::filesystem::path& path, std::string_view content);

/// Renames a file or folder within one file system, in one step. @throws IoError
void move_path(const std::filesystem::path& from, const std::filesystem::path& to);

/// A file or folder that appears under its final name only when it is complete. It is written under
/// another name in the same folder. Unpublished data is removed; after a crash, it stays under that
/// other name.
class PendingPath {
public:
    /// Creates the parent folder of the final path if it does not exist.
    /// @throws IoError
    explicit PendingPath(std::filesystem::path final_path);
    ~PendingPath();
    PendingPath(const PendingPath&) = delete;
    PendingPath& operator=(const PendingPath&) = delete;

    /// Returns where to create the file or folder, which does not exist yet.
    const std::filesystem::path& path() const noexcept { return path_; }

    /// Waits until all data is on disk, then renames to the final name. Replaces a file, and a
    /// folder only if it is empty.
    /// @throws IoError
    void publish();

    /// Removes what crashes have left beside a path. No other process may be writing there.
    static void remove_leftovers(const std::filesystem::path& final_path);

private:
    std::filesystem::path final_path_;
    std::filesystem::path workplace_;
    std::filesystem::path path_;
};

/// Removes a folder atomically: nobody sees a partial one, not even after a crash, because it is
/// renamed first. Also removes what a crash has left under that name. Does nothing if neither
/// exists. No other process may remove or create the same folder.
/// @throws IoError
void remove_folder(const std::filesystem::path& folder);

}  // namespace speciesnet
