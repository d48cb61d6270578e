// SPDX-License-Identifier: Apache-2.0
// Uses openat2() with RESOLVE_BENEATH.
#include "allowed_root.hpp"

#include "speciesnet/error.hpp"

#include "refusal.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace server {
namespace {

/// Returns an absolute path without a trailing slash.
std::filesystem::path normal(const std::filesystem::path& path) {
    const auto absolute = std::filesystem::absolute(path).lexically_normal();
    return absolute.has_filename() ? absolute : absolute.parent_path();
}

speciesnet::FileDescriptor open_beneath(const speciesnet::FileDescriptor& folder,
                                        const char* path) {
    open_how how{};
    // O_NONBLOCK: must not wait for a writer if the name is that of a pipe.
    how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    return speciesnet::FileDescriptor(
        static_cast<int>(syscall(SYS_openat2, folder.get(), path, &how, sizeof(how))));
}

bool is_regular(const speciesnet::FileDescriptor& file) {
    struct stat status {};
    return fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

AllowedRoot::AllowedRoot(const std::filesystem::path& root)
    : root_(normal(root)), folder_(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (!folder_.is_open() || !open_beneath(folder_, ".").is_open()) {
        throw speciesnet::IoError(
            speciesnet::ErrorCode::io,
            "cannot open " + root.string() + ": " + std::generic_category().message(errno));
    }
}

speciesnet::FileDescriptor AllowedRoot::open(const std::string& path) const {
    // One message for all reasons, so that it does not reveal which files exist elsewhere.
    const auto refusal = [&] { return Refusal(400, "Cannot access filepath: `" + path + "`"); };
    if (path.empty() || path.find('\0') != std::string::npos) {
        throw refusal();
    }
    const std::filesystem::path asked(path);
    const auto relative = asked.is_absolute() ? asked.lexically_relative(root_) : asked;
    auto file = open_beneath(folder_, relative.c_str());
    if (!file.is_open() || !is_regular(file)) {
        throw refusal();
    }
    return file;
}

}  // namespace server
