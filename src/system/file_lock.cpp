// SPDX-License-Identifier: Apache-2.0
// flock() locks belong to the open file, so that threads of one process exclude each other, too.
// They are polled: a thread that waits inside flock() could not be stopped.
#include "system/file_lock.hpp"

#include "speciesnet/error.hpp"

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace speciesnet {
namespace {

constexpr std::chrono::milliseconds pause_between_attempts{100};

[[noreturn]] void throw_cannot_lock(const std::filesystem::path& file) {
    throw IoError(ErrorCode::io,
                  "cannot lock '" + file.string() + "': " + std::generic_category().message(errno));
}

int open_lock(const std::filesystem::path& file) {
    const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        throw_cannot_lock(file);
    }
    return descriptor;
}

/// @return false if it is held already
bool try_lock(int descriptor, const std::filesystem::path& file) {
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
        return true;
    }
    if (errno != EWOULDBLOCK && errno != EINTR) {
        throw_cannot_lock(file);
    }
    return false;
}

/// Returns early when the token is triggered.
void pause(const std::stop_token& stop) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait_for(lock, stop, pause_between_attempts,
                                           [] { return false; });
}

}  // namespace

FileLock::FileLock(int descriptor) : descriptor_(descriptor) {}

// The other constructor has run when this one throws, and so the destructor closes the file.
FileLock::FileLock(const std::filesystem::path& file, const LockWait& wait)
    : FileLock(open_lock(file)) {
    while (!try_lock(descriptor_, file)) {
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
    close(descriptor_);
}

}  // namespace speciesnet
