// SPDX-License-Identifier: Apache-2.0
// Writes output files atomically.
#pragma once

#include "file_descriptor.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Returns the folder that contains a file; "." for a bare name.
std::filesystem::path folder_of(const std::filesystem::path& file);

/// Creates a folder and its parents. @throws IoError naming it
void make_folder(const std::filesystem::path& folder);

/// A new file that atomically replaces an old one: other programs see either the old or the new
/// content, even after a crash. While it is written, it has no name if the file system supports
/// that, so that a killed program leaves nothing behind; otherwise it has a temporary name as in
/// the reference (utils.py, save_predictions).
class AtomicFile {
public:
    /// @throws IoError if the folder is missing or not writable
    explicit AtomicFile(std::filesystem::path file);
    /// Removes the file unless it was published.
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /// Appends to the file. @throws IoError, after which the file cannot be published
    void write(std::string_view content);

    /// Syncs the content to disk and gives the file its name. @throws IoError
    void publish();

private:
    std::filesystem::path temporary_name(const char* middle) const;
    void open();
    void flush();
    /// Gives the open file the name of the old one.
    void replace();

    std::filesystem::path file_;
    /// Empty while the file has no name, and after it is published.
    std::filesystem::path temporary_name_;
    FileDescriptor descriptor_;
    std::string buffer_;
};

}  // namespace speciesnet::cli
