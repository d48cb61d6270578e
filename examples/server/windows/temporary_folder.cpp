// SPDX-License-Identifier: Apache-2.0
// A folder below the user's own inherits its access rights, so it is private. The system removes
// the files when they are closed, also those of a server that was killed.
#include "temporary_folder.hpp"

#include "speciesnet/utf8_path.hpp"

#include "paths.hpp"

#include <new>
#include <system_error>

#include <fcntl.h>
#include <io.h>
// clang-format off
#include <windows.h>
// clang-format on

namespace server {
namespace {

[[noreturn]] void fail(const std::string& what) {
    const std::error_code error(static_cast<int>(GetLastError()), std::system_category());
    throw speciesnet::IoError(speciesnet::ErrorCode::io, what + ": " + error.message());
}

/// Returns the path of an open folder.
std::filesystem::path place_of(const speciesnet::FileDescriptor& folder) {
    std::wstring place(32768, L'\0');
    place.resize(GetFinalPathNameByHandleW(reinterpret_cast<HANDLE>(_get_osfhandle(folder.get())),
                                           place.data(), static_cast<DWORD>(place.size()),
                                           FILE_NAME_NORMALIZED));
    return place;
}

}  // namespace

TemporaryFolder::TemporaryFolder(const std::filesystem::path& path) {
    if (CreateDirectoryW(path.c_str(), nullptr) == 0 && GetLastError() != ERROR_ALREADY_EXISTS) {
        fail("create " + speciesnet::utf8_text(path));
    }
    HANDLE const folder =
        CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
    if (folder == INVALID_HANDLE_VALUE) {
        fail("open " + speciesnet::utf8_text(path));
    }
    folder_ = speciesnet::FileDescriptor(
        _open_osfhandle(reinterpret_cast<std::intptr_t>(folder), _O_BINARY));
    if (const auto refusal = speciesnet::check_folder_is_writable(path)) {
        throw speciesnet::IoError(speciesnet::ErrorCode::io,
                                  "open " + speciesnet::utf8_text(path) + ": " + refusal.message());
    }
    // Files that another server uses cannot be removed.
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
        if (is_our_name(speciesnet::utf8_text(entry.path().filename())) &&
            DeleteFileW(entry.path().c_str()) != 0) {
            ++swept_;
        }
    }
}

bool TemporaryFolder::usable() const noexcept {
    try {
        return !speciesnet::check_folder_is_writable(place_of(folder_));
    } catch (const std::bad_alloc&) {
        return false;
    }
}

// Not shared, so that no other program can open or remove it.
speciesnet::FileDescriptor TemporaryFolder::make(const std::string& name) const {
    HANDLE const file = CreateFileW((place_of(folder_) / speciesnet::utf8_path(name)).c_str(),
                                    GENERIC_READ | GENERIC_WRITE, 0, nullptr, CREATE_NEW,
                                    FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, nullptr);
    if (file == INVALID_HANDLE_VALUE) {
        fail("create a temporary file");
    }
    return speciesnet::FileDescriptor(
        _open_osfhandle(reinterpret_cast<std::intptr_t>(file), _O_BINARY));
}

// The system removes it when it is closed.
void TemporaryFolder::take_out(const std::string& /*name*/,
                               const speciesnet::FileDescriptor& /*file*/) const noexcept {}

}  // namespace server
