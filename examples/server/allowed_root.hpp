// SPDX-License-Identifier: Apache-2.0
// The folder that contains the files that clients may name.
#pragma once

#include "file_descriptor.hpp"

#include <filesystem>
#include <string>

namespace server {

/// Opens files below a folder and nowhere else, even if ".." or a symbolic link is used or the
/// folder changes meanwhile: the operating system resolves the path.
class AllowedRoot {
public:
    /// @throws speciesnet::IoError if the folder does not exist, or the system is older than Linux
    /// 5.6
    explicit AllowedRoot(const std::filesystem::path& root);

    /// Opens a regular file for reading.
    /// @param path relative to the folder, or absolute within it
    /// @throws Refusal 400 if it is not such a file
    speciesnet::FileDescriptor open(const std::string& path) const;

private:
    std::filesystem::path root_;
    speciesnet::FileDescriptor folder_;
};

}  // namespace server
