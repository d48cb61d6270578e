// SPDX-License-Identifier: Apache-2.0
// Opens files for reading: regular files only, without blocking.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace speciesnet {

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
    /// The operating system's number of the open file.
    int descriptor() const noexcept { return descriptor_; }
    /// Fills `target` with what follows. @return bytes read; fewer at the end of the file
    /// @throws IoError
    std::size_t read(std::span<std::byte> target);

private:
    std::filesystem::path path_;
    int descriptor_;
    std::uint64_t size_ = 0;
};

}  // namespace speciesnet
