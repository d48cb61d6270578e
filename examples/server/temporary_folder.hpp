// SPDX-License-Identifier: Apache-2.0
// The folder of temporary uploads. It is private to this user, and names do not depend on clients.
// Files are deleted with their request.
#pragma once

#include "file_descriptor.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace server {

class TemporaryFolder;

/// A file with a random name that only this user can open. It is removed by remove() or, at the
/// latest, by the destructor.
class TemporaryFile {
public:
    TemporaryFile(const TemporaryFolder& folder, std::string name);
    ~TemporaryFile();
    TemporaryFile(TemporaryFile&&) noexcept = default;
    TemporaryFile& operator=(TemporaryFile&&) = delete;

    /// @throws speciesnet::IoError
    void append(std::string_view bytes);

    std::size_t size() const noexcept { return size_; }

    /// Removes the file from the folder. Its content can still be read through this object, also by
    /// a thread that is reading it.
    void remove() noexcept;

    /// Returns the whole content. @throws speciesnet::IoError
    std::vector<std::byte> read() const { return read_file(file_); }

private:
    const TemporaryFolder* folder_;
    std::string name_;
    speciesnet::FileDescriptor file_;
    bool removed_ = false;
    std::size_t size_ = 0;
};

/// Opens or creates the folder with mode 0700. Files left by a killed server are removed, unless
/// another server is using the folder. Member functions are thread-safe.
class TemporaryFolder {
public:
    /// @throws speciesnet::IoError if the path is not a folder of this user, or is not writable
    explicit TemporaryFolder(const std::filesystem::path& path);

    /// Creates an empty file. It must not outlive the folder. @throws speciesnet::IoError
    TemporaryFile create() const;

    /// Returns whether files can be created: the folder exists and is writable.
    bool usable() const noexcept;

    /// Returns the number of files that were removed when the folder was opened.
    std::size_t swept() const noexcept { return swept_; }

private:
    friend class TemporaryFile;

    static bool is_our_name(std::string_view name) noexcept;
    speciesnet::FileDescriptor make(const std::string& name) const;
    /// @param file created by make()
    void take_out(const std::string& name, const speciesnet::FileDescriptor& file) const noexcept;

    speciesnet::FileDescriptor folder_;
    std::size_t swept_ = 0;
};

}  // namespace server
