// SPDX-License-Identifier: Apache-2.0
// Opens a file before it determines its path, so that links cannot change in between.
#include "allowed_root.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "refusal.hpp"

#include <algorithm>
#include <system_error>

#include <fcntl.h>
#include <io.h>
// clang-format off
#include <windows.h>
// clang-format on

namespace server {
namespace {

HANDLE open_shared(const std::filesystem::path& path, DWORD access) {
    return CreateFileW(path.c_str(), access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                       nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
}

/// Returns the path of an open file or folder without links; empty if it is unknown.
std::filesystem::path place_of(HANDLE file) {
    std::wstring place(32768, L'\0');
    place.resize(GetFinalPathNameByHandleW(file, place.data(), static_cast<DWORD>(place.size()),
                                           FILE_NAME_NORMALIZED));
    return place;
}

bool is_beneath(const std::filesystem::path& place, const std::filesystem::path& root) {
    const auto [end, ignored] = std::mismatch(root.begin(), root.end(), place.begin(), place.end());
    return end == root.end();
}

speciesnet::FileDescriptor descriptor_of(HANDLE file) {
    return speciesnet::FileDescriptor(
        file == INVALID_HANDLE_VALUE
            ? -1
            : _open_osfhandle(reinterpret_cast<std::intptr_t>(file), _O_BINARY));
}

HANDLE handle_of(const speciesnet::FileDescriptor& file) {
    return reinterpret_cast<HANDLE>(_get_osfhandle(file.get()));
}

}  // namespace

AllowedRoot::AllowedRoot(const std::filesystem::path& root)
    : folder_(descriptor_of(open_shared(root, GENERIC_READ))) {
    if (folder_.is_open()) {
        root_ = place_of(handle_of(folder_));
    }
    if (root_.empty() || !std::filesystem::is_directory(root)) {
        const std::error_code error(static_cast<int>(GetLastError()), std::system_category());
        throw speciesnet::IoError(
            speciesnet::ErrorCode::io,
            "cannot open " + speciesnet::utf8_text(root) + ": " + error.message());
    }
}

speciesnet::FileDescriptor AllowedRoot::open(const std::string& path) const {
    // One message for all reasons, so that it does not reveal which files exist elsewhere.
    const auto refusal = [&] { return Refusal(400, "Cannot access filepath: `" + path + "`"); };
    if (path.empty() || path.find('\0') != std::string::npos) {
        throw refusal();
    }
    auto file = descriptor_of(open_shared(root_ / speciesnet::utf8_path(path), GENERIC_READ));
    BY_HANDLE_FILE_INFORMATION information{};
    if (!file.is_open() || GetFileType(handle_of(file)) != FILE_TYPE_DISK ||
        !is_beneath(place_of(handle_of(file)), root_) ||
        GetFileInformationByHandle(handle_of(file), &information) == 0 ||
        (information.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0) {
        throw refusal();
    }
    return file;
}

}  // namespace server
