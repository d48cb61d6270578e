// SPDX-License-Identifier: Apache-2.0
// The folder of temporary uploads: private to this user, with names independent of clients. Files
// are deleted with their request.
#pragma once

#include "file_descriptor.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace server {

class TemporaryFolder;

/// A file that only this user can open, with a random name; removed by remove() or, at the latest,
/// by the destructor.
class TemporaryFile {
public:
    TemporaryFile(const TemporaryFolder& folder, std::string name);
    ~TemporaryFile();
    TemporaryFile(TemporaryFile&&) noexcept = default;
    TemporaryFile& operator=(TemporaryFile&&) = delete;

    /// @throws speciesnet::IoError
    void append(std::string_view bytes);

    std::size_t size() const noexcept { return size_; }

    /// Takes the file out of the folder. What it holds can still be read here, also by a thread
    /// that is reading now.
    void remove() noexcept;

    /// Reads all of it. @throws speciesnet::IoError
    std::vector<std::byte> read() const { return read_file(file_); }

private:
    const TemporaryFolder* folder_;
    std::string name_;
    speciesnet::FileDescriptor file_;
    bool removed_ = false;
    std::size_t size_ = 0;
};

/// Opens or creates the folder with mode 0700. What a killed server left in it is swept away,
/// unless another server is using the folder. Member functions are thread-safe.
class TemporaryFolder {
public:
    /// @throws speciesnet::IoError if the path is not a folder of this user, or cannot be written
    explicit TemporaryFolder(const std::filesystem::path& path);

    /// A new, empty file. It must not outlive the folder. @throws speciesnet::IoError
    TemporaryFile create() const;

    /// Whether files can still be made in it: it was not removed, and is not read-only.
    bool usable() const noexcept;

    /// Files that were swept away when the folder was opened.
    std::size_t swept() const noexcept { return swept_; }

private:
    friend class TemporaryFile;

    static bool is_our_name(std::string_view name) noexcept;
    speciesnet::FileDescriptor make(const std::string& name) const;
    /// @param file that make() has made
    void take_out(const std::string& name, const speciesnet::FileDescriptor& file) const noexcept;

    speciesnet::FileDescriptor folder_;
    std::size_t swept_ = 0;
};

}  // namespace server
