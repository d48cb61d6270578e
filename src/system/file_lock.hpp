// SPDX-License-Identifier: Apache-2.0
// A lock between processes and threads, identified by a file.
#pragma once

#include "system/files.hpp"

#include <filesystem>
#include <functional>
#include <stop_token>

namespace speciesnet {

/// What to do while another thread or process holds a lock.
struct LockWait {
    /// Called at once, then several times a second, on the waiting thread; may be empty. An
    /// exception thrown here ends the wait.
    std::function<void()> waiting;
    /// Ends the wait.
    std::stop_token stop;
};

/// Held from construction to destruction. The operating system releases it if the process dies.
class FileLock {
public:
    /// Waits until the lock is free. Creates the file if necessary; the file stays.
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
