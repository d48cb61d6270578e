// SPDX-License-Identifier: Apache-2.0
// Uses descriptors of temporary files: no file is looked up by a path that could have changed.
#include "temporary_folder.hpp"

#include <cerrno>
#include <memory>
#include <system_error>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace server {
namespace {

constexpr mode_t folder_mode = 0700;
constexpr mode_t file_mode = 0600;

[[noreturn]] void fail(const std::string& what) {
    throw speciesnet::IoError(speciesnet::ErrorCode::io,
                              what + ": " + std::generic_category().message(errno));
}

/// Removes files with names that this program creates. @return their number
std::size_t sweep(int folder, bool (*is_ours)(std::string_view)) {
    const int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(again < 0 ? nullptr : fdopendir(again),
                                                      closedir);
    if (!entries) {
        fail("list the temporary folder");
    }
    std::size_t swept = 0;
    while (const dirent* const entry = readdir(entries.get())) {
        if (is_ours(entry->d_name) && unlinkat(folder, entry->d_name, 0) == 0) {
            ++swept;
        }
    }
    return swept;
}

}  // namespace

TemporaryFolder::TemporaryFolder(const std::filesystem::path& path) {
    if (mkdir(path.c_str(), folder_mode) != 0 && errno != EEXIST) {
        fail("create " + path.string());
    }
    folder_ = speciesnet::FileDescriptor(
        open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder_.is_open()) {
        fail("open " + path.string());
    }
    // Also if the folder already existed: nobody else may read its files.
    if (fchmod(folder_.get(), folder_mode) != 0) {
        fail("change the mode of " + path.string());
    }
    // Each server holds a shared lock while it runs; only a single server gets the exclusive one.
    if (flock(folder_.get(), LOCK_EX | LOCK_NB) == 0) {
        swept_ = sweep(folder_.get(), is_our_name);
    }
    if (flock(folder_.get(), LOCK_SH) != 0) {
        fail("lock " + path.string());
    }
}

bool TemporaryFolder::usable() const noexcept {
    struct stat status {};
    return fstat(folder_.get(), &status) == 0 && status.st_nlink > 0 &&
           faccessat(folder_.get(), ".", W_OK | X_OK, 0) == 0;
}

speciesnet::FileDescriptor TemporaryFolder::make(const std::string& name) const {
    speciesnet::FileDescriptor file(
        openat(folder_.get(), name.c_str(),
               O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, file_mode));
    if (!file.is_open()) {
        fail("create a temporary file");
    }
    return file;
}

void TemporaryFolder::take_out(const std::string& name,
                               const speciesnet::FileDescriptor& /*file*/) const noexcept {
    unlinkat(folder_.get(), name.c_str(), 0);
}

}  // namespace server
