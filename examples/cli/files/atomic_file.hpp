// SPDX-License-Identifier: Apache-2.0
// Writes output files atomically.
#pragma once

#include "file_descriptor.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// The folder a file is in; "." for a bare name.
std::filesystem::path folder_of(const std::filesystem::path& file);

/// Makes a folder, and those above it. @throws IoError naming it
void make_folder(const std::filesystem::path& folder);

/// A new file that takes the place of an old one in one step: other programs see the old content
/// or the new one, also after a crash. While it is written it has no name where the file system
/// can do that, so that even a killed program leaves nothing behind; else a temporary one, of the
/// form that the reference uses (utils.py, save_predictions).
class AtomicFile {
public:
    /// @throws IoError if the folder is missing or not writable
    explicit AtomicFile(std::filesystem::path file);
    /// Without publish() nothing remains.
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /// Adds to the file. @throws IoError, after which the file cannot be published
    void write(std::string_view content);

    /// Brings the content to the disk and gives the file its name. @throws IoError
    void publish();

private:
    std::filesystem::path temporary_name(const char* middle) const;
    void open();
    void flush();
    /// Gives the open file the name of the old one.
    void replace();

    std::filesystem::path file_;
    /// Empty while the file has no name, and once it is published.
    std::filesystem::path temporary_name_;
    FileDescriptor descriptor_;
    std::string buffer_;
};

}  // namespace speciesnet::cli
