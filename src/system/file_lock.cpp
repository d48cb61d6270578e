// SPDX-License-Identifier: Apache-2.0
// Polls locks, because a thread that waits inside the operating system could not be stopped.
#include "system/file_lock.hpp"

#include "speciesnet/error.hpp"

#include "system/file_operations.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace speciesnet {
namespace {

constexpr std::chrono::milliseconds pause_between_attempts{100};

/// Returns early when stop is requested.
void pause(const std::stop_token& stop) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait_for(lock, stop, pause_between_attempts,
                                           [] { return false; });
}

}  // namespace

FileLock::FileLock(NativeFile file) : file_(file) {}

// The delegated constructor has finished when this one throws, so the destructor closes the file.
FileLock::FileLock(const std::filesystem::path& file, const LockWait& wait)
    : FileLock(open_lock(file)) {
    while (!try_lock(file_, file)) {
        if (wait.waiting) {
            wait.waiting();
        }
        pause(wait.stop);
        if (wait.stop.stop_requested()) {
            throw Cancelled();
        }
    }
}

FileLock::~FileLock() {
    close_file(file_);
}

}  // namespace speciesnet
