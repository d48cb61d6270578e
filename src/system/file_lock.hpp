// SPDX-License-Identifier: Apache-2.0
// A lock between processes and threads, identified by a file.
#pragma once

#include "system/files.hpp"

#include <filesystem>
#include <functional>
#include <stop_token>

namespace speciesnet {

/// What happens while a lock is held by another thread or process.
struct LockWait {
    /// Called at once, and then several times a second, by the thread that waits; may be empty.
    /// What it throws ends the wait.
    std::function<void()> waiting;
    /// Ends the wait.
    std::stop_token stop;
};

/// Held from construction to destruction; the operating system frees it if the process dies.
class FileLock {
public:
    /// Waits until nobody else holds it. The file is made if need be, and stays.
    /// @throws IoError, Cancelled
    explicit FileLock(const std::filesystem::path& file, const LockWait& wait = {});
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    explicit FileLock(NativeFile file);

    NativeFile file_;
};

}  // namespace speciesnet
