// SPDX-License-Identifier: Apache-2.0
// Descriptors of the C library for handles of the system. Files are opened with all sharing modes,
// as on other systems.
#include "file_descriptor.hpp"

#include "speciesnet/utf8_path.hpp"

#include <algorithm>
#include <cerrno>
#include <random>

#include <fcntl.h>
#include <io.h>
// clang-format off
#include <windows.h>
// clang-format on

namespace speciesnet {
namespace {

constexpr DWORD shared = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
/// The size of one call has 32 bits.
constexpr std::size_t most_at_once = std::size_t{1} << 30U;

HANDLE handle_of(const FileDescriptor& descriptor) {
    return reinterpret_cast<HANDLE>(_get_osfhandle(descriptor.get()));
}

/// Returns errno for the last error of the system.
int last_errno() {
    switch (GetLastError()) {
        case ERROR_FILE_NOT_FOUND:
        case ERROR_PATH_NOT_FOUND:
        case ERROR_INVALID_NAME:
            return ENOENT;
        case ERROR_ACCESS_DENIED:
        case ERROR_SHARING_VIOLATION:
        case ERROR_LOCK_VIOLATION:
        case ERROR_USER_MAPPED_FILE:
            return EACCES;
        case ERROR_FILE_EXISTS:
        case ERROR_ALREADY_EXISTS:
            return EEXIST;
        case ERROR_DISK_FULL:
        case ERROR_HANDLE_DISK_FULL:
            return ENOSPC;
        case ERROR_WRITE_PROTECT:
            return EROFS;
        default:
            return EIO;
    }
}

FileDescriptor open(const std::filesystem::path& file, DWORD access, DWORD creation,
                    DWORD flags) noexcept {
    HANDLE const handle =
        CreateFileW(file.c_str(), access, shared, nullptr, creation, flags, nullptr);
    if (handle == INVALID_HANDLE_VALUE) {
        errno = last_errno();
        return FileDescriptor();
    }
    return FileDescriptor(_open_osfhandle(reinterpret_cast<std::intptr_t>(handle), _O_BINARY));
}

}  // namespace

void close_descriptor(int descriptor) noexcept {
    _close(descriptor);
}

FileDescriptor open_to_read(const std::filesystem::path& file) noexcept {
    return open(file, GENERIC_READ, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL);
}

// FILE_FLAG_OPEN_REPARSE_POINT opens a link itself, which is then refused.
FileDescriptor open_kept_file(const std::filesystem::path& file, Keeping keeping) {
    const DWORD access = keeping == Keeping::reading ? GENERIC_READ : GENERIC_READ | GENERIC_WRITE;
    auto descriptor = open(file, access, keeping == Keeping::making ? OPEN_ALWAYS : OPEN_EXISTING,
                           FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS);
    if (!descriptor.is_open()) {
        if (errno == ENOENT && keeping != Keeping::making) {
            return descriptor;
        }
        throw_io_error(keeping == Keeping::reading ? "cannot read" : "cannot write", file, errno);
    }
    BY_HANDLE_FILE_INFORMATION information{};
    if (GetFileType(handle_of(descriptor)) != FILE_TYPE_DISK ||
        GetFileInformationByHandle(handle_of(descriptor), &information) == 0 ||
        (information.dwFileAttributes &
         (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT)) != 0) {
        throw IoError(ErrorCode::io, "'" + utf8_text(file) + "' is not a plain file");
    }
    return descriptor;
}

// Locks a byte far behind the end, because others cannot read locked bytes.
bool try_lock(const FileDescriptor& descriptor) noexcept {
    OVERLAPPED place{};
    place.OffsetHigh = MAXLONG;
    return LockFileEx(handle_of(descriptor), LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0,
                      1, 0, &place) != 0 ||
           (GetLastError() != ERROR_LOCK_VIOLATION && GetLastError() != ERROR_IO_PENDING);
}

bool is_removed(const FileDescriptor& descriptor) noexcept {
    FILE_STANDARD_INFO information{};
    return GetFileInformationByHandleEx(handle_of(descriptor), FileStandardInfo, &information,
                                        sizeof information) != 0 &&
           (information.DeletePending != 0 || information.NumberOfLinks == 0);
}

bool has_places(const FileDescriptor& descriptor) noexcept {
    return GetFileType(handle_of(descriptor)) == FILE_TYPE_DISK;
}

std::size_t read_on(const FileDescriptor& descriptor, std::span<char> target,
                    const std::filesystem::path& file) {
    DWORD count = 0;
    if (ReadFile(handle_of(descriptor), target.data(),
                 static_cast<DWORD>(std::min(target.size(), most_at_once)), &count, nullptr) == 0 &&
        GetLastError() != ERROR_BROKEN_PIPE) {
        throw_io_error("cannot read", file, last_errno());
    }
    return count;
}

std::size_t read_at(const FileDescriptor& descriptor, std::span<char> target, std::uint64_t offset,
                    const std::filesystem::path& file) {
    OVERLAPPED place{};
    place.Offset = static_cast<DWORD>(offset & 0xFFFFFFFFU);
    place.OffsetHigh = static_cast<DWORD>(offset >> 32U);
    DWORD count = 0;
    if (ReadFile(handle_of(descriptor), target.data(),
                 static_cast<DWORD>(std::min(target.size(), most_at_once)), &count, &place) == 0 &&
        GetLastError() != ERROR_HANDLE_EOF) {
        throw_io_error("cannot read", file, last_errno());
    }
    return count;
}

void write_all(const FileDescriptor& descriptor, std::string_view content,
               const std::filesystem::path& file) {
    while (!content.empty()) {
        // This offset appends, wherever the file was read in the meantime.
        OVERLAPPED end{};
        end.Offset = 0xFFFFFFFFU;
        end.OffsetHigh = 0xFFFFFFFFU;
        DWORD count = 0;
        if (WriteFile(handle_of(descriptor), content.data(),
                      static_cast<DWORD>(std::min(content.size(), most_at_once)), &count,
                      &end) == 0) {
            throw_io_error("cannot write", file, last_errno());
        }
        content.remove_prefix(count);
    }
}

bool try_to_cut_off(const FileDescriptor& descriptor, std::uint64_t size) noexcept {
    FILE_END_OF_FILE_INFO information{};
    information.EndOfFile.QuadPart = static_cast<LONGLONG>(size);
    if (SetFileInformationByHandle(handle_of(descriptor), FileEndOfFileInfo, &information,
                                   sizeof information) == 0) {
        errno = last_errno();
        return false;
    }
    return true;
}

void sync_to_disk(const FileDescriptor& descriptor, const std::filesystem::path& file) {
    if (FlushFileBuffers(handle_of(descriptor)) == 0) {
        throw_io_error("cannot write", file, last_errno());
    }
}

std::size_t file_size(const FileDescriptor& file) {
    LARGE_INTEGER size{};
    if (GetFileSizeEx(handle_of(file), &size) == 0) {
        throw_io_error("cannot read", "an open file", last_errno());
    }
    return static_cast<std::size_t>(size.QuadPart);
}

FileDescriptor open_unnamed_file(const std::string& purpose) {
    const auto name =
        std::filesystem::temp_directory_path() /
        utf8_path("speciesnet." + purpose + '.' + std::to_string(std::random_device()()));
    auto descriptor = open(name, GENERIC_READ | GENERIC_WRITE, CREATE_NEW,
                           FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE);
    if (!descriptor.is_open()) {
        throw_io_error("cannot write", name, errno);
    }
    return descriptor;
}

}  // namespace speciesnet
