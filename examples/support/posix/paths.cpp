// SPDX-License-Identifier: Apache-2.0
#include "paths.hpp"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <fnmatch.h>
#include <sys/stat.h>
#include <unistd.h>

namespace speciesnet {
namespace {

std::error_code of(int error) {
    return {error, std::generic_category()};
}

}  // namespace

std::optional<FileId> file_id(const std::filesystem::path& path) noexcept {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        return std::nullopt;
    }
    return FileId{status.st_dev, status.st_ino};
}

std::error_code rename_without_replacing(const std::filesystem::path& from,
                                         const std::filesystem::path& to) noexcept {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return {};
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return of(errno);
    }
    // For file systems without that flag, such as exFAT.
    std::error_code error;
    if (std::filesystem::exists(std::filesystem::symlink_status(to, error))) {
        return of(EEXIST);
    }
    return of(::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno);
}

std::error_code check_folder_is_writable(const std::filesystem::path& folder) noexcept {
    return of(::access(folder.c_str(), W_OK | X_OK) == 0 ? 0 : errno);
}

std::error_code check_folder_can_be_listed(const std::filesystem::path& /*folder*/) noexcept {
    return {};
}

bool matches_pattern(const std::string& pattern, const std::string& text) {
    return ::fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

}  // namespace speciesnet
