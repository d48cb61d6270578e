// SPDX-License-Identifier: Apache-2.0
// Writes a file that must not exist yet; every error is reported.
#pragma once

#include <filesystem>
#include <string_view>

namespace speciesnet {

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
    int descriptor_;
};

/// Makes a file with this content. @throws IoError
void write_new_file(const std::filesystem::path& path, std::string_view content);

}  // namespace speciesnet
