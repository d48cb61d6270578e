// SPDX-License-Identifier: Apache-2.0
// Uses O_TMPFILE if it is supported, otherwise mkstemps(); then renames and syncs the folder.
#include "files/atomic_file.hpp"

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace speciesnet::cli {
namespace {

/// Results have the usual permissions of the user's files.
mode_t public_mode() {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return 0666 & ~mask;
}

}  // namespace

void AtomicFile::open() {
    descriptor_ =
        FileDescriptor(::open(folder_of(file_).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666));
    if (descriptor_.is_open()) {
        return;
    }
    auto name = temporary_name("XXXXXX").native();
    const auto suffix = static_cast<int>(file_.extension().native().size());
    descriptor_ = FileDescriptor(::mkstemps(name.data(), suffix));
    if (!descriptor_.is_open()) {
        throw_io_error("cannot write", file_, errno);
    }
    temporary_name_ = std::move(name);
    // mkstemps() creates private files.
    ::fchmod(descriptor_.get(), public_mode());
}

void AtomicFile::replace() {
    if (temporary_name_.empty()) {
        // A nameless file is first linked to a temporary name, because linkat() cannot replace a
        // file.
        const std::string link = "/proc/self/fd/" + std::to_string(descriptor_.get());
        auto name = temporary_name(std::to_string(::getpid()).c_str());
        ::unlink(name.c_str());
        if (::linkat(AT_FDCWD, link.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0) {
            throw_io_error("cannot write", file_, errno);
        }
        temporary_name_ = std::move(name);
    }
    if (::rename(temporary_name_.c_str(), file_.c_str()) != 0) {
        throw_io_error("cannot write", file_, errno);
    }
    const FileDescriptor folder(
        ::open(folder_of(file_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.is_open()) {
        ::fsync(folder.get());
    }
}

}  // namespace speciesnet::cli
