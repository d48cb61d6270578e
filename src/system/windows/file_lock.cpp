// SPDX-License-Identifier: Apache-2.0
// Locks belong to the handle, so that threads of one process exclude each other, too.
#include "system/file_operations.hpp"
#include "system/windows/win32.hpp"

namespace speciesnet {
namespace {

HANDLE handle_of(NativeFile file) {
    return reinterpret_cast<HANDLE>(file);
}

}  // namespace

NativeFile open_lock(const std::filesystem::path& file) {
    HANDLE const handle = CreateFileW(native_path(file).c_str(), GENERIC_READ | GENERIC_WRITE,
                                      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                      nullptr, OPEN_ALWAYS, 0, nullptr);
    if (handle == INVALID_HANDLE_VALUE) {
        fail_with_file("cannot lock", file, last_error());
    }
    return reinterpret_cast<NativeFile>(handle);
}

// The byte that is locked is far behind the end, because nobody else may read a locked one.
bool try_lock(NativeFile lock, const std::filesystem::path& file) {
    OVERLAPPED place{};
    place.OffsetHigh = MAXLONG;
    if (LockFileEx(handle_of(lock), LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0,
                   &place) != 0) {
        return true;
    }
    if (GetLastError() != ERROR_LOCK_VIOLATION && GetLastError() != ERROR_IO_PENDING) {
        fail_with_file("cannot lock", file, last_error());
    }
    return false;
}

}  // namespace speciesnet
