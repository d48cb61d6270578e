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

/// The operating system's own of an open file: a descriptor, on Windows a handle.
using NativeFile = std::intptr_t;

/// A regular file, open for reading; closed with this object.
class RegularFile {
public:
    /// Never waits: a named pipe without a writer, a device or a socket is an error at once.
    /// @throws IoError not_found if it does not exist; io for anything else, naming what it is
    explicit RegularFile(std::filesystem::path path);
    ~RegularFile();
    RegularFile(const RegularFile&) = delete;
    RegularFile& operator=(const RegularFile&) = delete;

    /// Bytes, as the file was opened.
    std::uint64_t size() const noexcept { return size_; }
    NativeFile native() const noexcept { return file_; }
    /// Fills `target` with what follows. @return bytes read; fewer at the end of the file
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
    /// @throws IoError if it exists or cannot be made
    explicit NewFile(std::filesystem::path path);
    ~NewFile();
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    /// Appends. @throws IoError
    void write(std::string_view content);
    /// Nothing can be written afterwards. @throws IoError for what the system notices only now
    void close();

private:
    std::filesystem::path path_;
    NativeFile file_;
};

/// A file that is only added to; it is made if it does not exist. Every error is reported.
class GrowingFile {
public:
    /// @throws IoError
    explicit GrowingFile(std::filesystem::path path);
    ~GrowingFile();
    GrowingFile(const GrowingFile&) = delete;
    GrowingFile& operator=(const GrowingFile&) = delete;

    std::uint64_t size() const noexcept { return size_; }
    /// Writes behind what is there. @throws IoError
    void append(std::string_view content);
    /// Removes what is there. @throws IoError
    void clear();
    /// Waits until all is on disk. @throws IoError
    void sync();

private:
    std::filesystem::path path_;
    NativeFile file_;
    std::uint64_t size_ = 0;
};

/// Whether a text is a file's name in any folder, and leads nowhere else: not "..", and on Windows
/// no name of a device, of a drive or of a part of a file.
bool is_file_name(std::string_view name) noexcept;

/// Makes a file with this content. @throws IoError
void write_new_file(const std::filesystem::path& path, std::string_view content);

/// Renames a file or folder within one file system, in one step. @throws IoError
void move_path(const std::filesystem::path& from, const std::filesystem::path& to);

/// A file or folder that appears under its name when it is complete.
/// Work goes on under another name beside the final one. What is not published is removed; after a
/// crash, it stays under that other name.
class PendingPath {
public:
    /// Makes the folder that the final path is in, if it does not exist.
    /// @throws IoError
    explicit PendingPath(std::filesystem::path final_path);
    ~PendingPath();
    PendingPath(const PendingPath&) = delete;
    PendingPath& operator=(const PendingPath&) = delete;

    /// Where to make the file or folder; does not exist yet.
    const std::filesystem::path& path() const noexcept { return path_; }

    /// Waits until all is on disk, then gives it its final name. A file of that name is replaced, a
    /// folder only if it is empty.
    /// @throws IoError
    void publish();

    /// Removes what crashes have left beside a path. Nobody else may be working on it.
    static void remove_leftovers(const std::filesystem::path& final_path);

private:
    std::filesystem::path final_path_;
    std::filesystem::path workplace_;
    std::filesystem::path path_;
};

/// Removes a folder so that nobody ever finds half of it, not even after a crash: it gets another
/// name first. What a crash has left under that name is removed, too. Does nothing if there is
/// neither. Nobody else may be removing or making the same folder.
/// @throws IoError
void remove_folder(const std::filesystem::path& folder);

}  // namespace speciesnet
