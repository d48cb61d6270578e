// SPDX-License-Identifier: Apache-2.0
// flock() locks belong to the open file, so that threads of one process also exclude each other.
#include "system/file_operations.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>

namespace speciesnet {
namespace {

[[noreturn]] void fail_to_lock(const std::filesystem::path& file) {
    fail_with_file("cannot lock", file, {errno, std::generic_category()});
}

}  // namespace

NativeFile open_lock(const std::filesystem::path& file) {
    const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        fail_to_lock(file);
    }
    return descriptor;
}

bool try_lock(NativeFile lock, const std::filesystem::path& file) {
    if (flock(static_cast<int>(lock), LOCK_EX | LOCK_NB) == 0) {
        return true;
    }
    if (errno != EWOULDBLOCK && errno != EINTR) {
        fail_to_lock(file);
    }
    return false;
}

}  // namespace speciesnet
