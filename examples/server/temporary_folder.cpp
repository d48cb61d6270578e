// SPDX-License-Identifier: Apache-2.0
// Uses descriptors instead of paths, which could change in between.
#include "temporary_folder.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <system_error>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

namespace server {
namespace {

constexpr mode_t folder_mode = 0700;
constexpr mode_t file_mode = 0600;
constexpr std::size_t random_bytes = 16;

[[noreturn]] void fail(const std::string& what) {
    throw speciesnet::IoError(speciesnet::ErrorCode::io,
                              what + ": " + std::generic_category().message(errno));
}

std::string random_name() {
    std::array<unsigned char, random_bytes> bytes{};
    if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        fail("getrandom");
    }
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string name;
    for (const unsigned char byte : bytes) {
        name += digits[byte >> 4U];
        name += digits[byte & 15U];
    }
    return name;
}

bool is_our_name(std::string_view name) {
    return name.size() == 2 * random_bytes &&
           name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::size_t sweep(int folder) {
    const int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(again < 0 ? nullptr : fdopendir(again),
                                                      closedir);
    if (!entries) {
        fail("list the temporary folder");
    }
    std::size_t swept = 0;
    while (const dirent* const entry = readdir(entries.get())) {
        if (is_our_name(entry->d_name) && unlinkat(folder, entry->d_name, 0) == 0) {
            ++swept;
        }
    }
    return swept;
}

}  // namespace

TemporaryFile::TemporaryFile(int folder, std::string name)
    : folder_(folder),
      name_(std::move(name)),
      file_(openat(folder, name_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                   file_mode)) {
    if (!file_.is_open()) {
        fail("create a temporary file");
    }
}

TemporaryFile::~TemporaryFile() {
    remove();
}

void TemporaryFile::remove() noexcept {
    if (file_.is_open() && !removed_) {
        unlinkat(folder_, name_.c_str(), 0);
        removed_ = true;
    }
}

void TemporaryFile::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = write(file_.get(), bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            fail("write a temporary file");
        }
        const auto count = static_cast<std::size_t>(std::max<ssize_t>(written, 0));
        size_ += count;
        bytes.remove_prefix(count);
    }
}

TemporaryFolder::TemporaryFolder(const std::filesystem::path& path) {
    if (mkdir(path.c_str(), folder_mode) != 0 && errno != EEXIST) {
        fail("create " + path.string());
    }
    folder_ = speciesnet::FileDescriptor(
        open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder_.is_open()) {
        fail("open " + path.string());
    }
    // Also for an existing folder: other users must not read uploads.
    if (fchmod(folder_.get(), folder_mode) != 0) {
        fail("change the mode of " + path.string());
    }
    // Every server holds a shared lock while it runs; who gets the exclusive one is alone.
    if (flock(folder_.get(), LOCK_EX | LOCK_NB) == 0) {
        swept_ = sweep(folder_.get());
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

TemporaryFile TemporaryFolder::create() const {
    return {folder_.get(), random_name()};
}

}  // namespace server
