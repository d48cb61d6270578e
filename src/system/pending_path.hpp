// SPDX-License-Identifier: Apache-2.0
// Publishes a file or folder atomically when it is complete.
#pragma once

#include <filesystem>

namespace speciesnet {

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

}  // namespace speciesnet
