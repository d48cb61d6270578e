// SPDX-License-Identifier: Apache-2.0
// The folder whose files a client may name.
#pragma once

#include "file_descriptor.hpp"

#include <filesystem>
#include <string>

namespace server {

/// Opens files beneath a folder and none elsewhere, whether by "..", by a symbolic link or by a
/// race: the system itself resolves the path.
class AllowedRoot {
public:
    /// @throws speciesnet::IoError if there is no such folder, or the system is older than
    /// Linux 5.6
    explicit AllowedRoot(const std::filesystem::path& root);

    /// Opens a regular file for reading.
    /// @param path relative to the folder, or absolute within it
    /// @throws Refusal 400 for anything else
    speciesnet::FileDescriptor open(const std::string& path) const;

private:
    std::filesystem::path root_;
    speciesnet::FileDescriptor folder_;
};

}  // namespace server
