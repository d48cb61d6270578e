// SPDX-License-Identifier: Apache-2.0
// Renames without replacing, so that no race can overwrite a file.
#include "placement.hpp"

#include "speciesnet/error.hpp"

#include "file_descriptor.hpp"
#include "files/atomic_file.hpp"

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece = std::size_t{1} << 20U;

/// Unlike rename(), fails where something is.
/// @return errno, 0 for success
int rename_without_replacing(const fs::path& from, const fs::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return errno;
    }
    // File systems without that flag, for instance exFAT.
    if (std::error_code error; fs::exists(fs::symlink_status(to, error))) {
        return EEXIST;
    }
    return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

bool is_same_content(const fs::path& a, const fs::path& b) {
    std::error_code error;
    if (fs::equivalent(a, b, error)) {
        return true;
    }
    return fs::is_regular_file(b, error) && fs::file_size(a, error) == fs::file_size(b, error) &&
           fs::last_write_time(a, error) == fs::last_write_time(b, error) && !error;
}

void copy_photo(const fs::path& photo, const fs::path& target) {
    const FileDescriptor source(::open(photo.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!source.is_open()) {
        throw_io_error("cannot open", photo, errno);
    }
    AtomicFile file(target);
    std::vector<char> buffer(piece);
    std::uint64_t offset = 0;
    while (const auto count = read_at(source, buffer, offset, photo)) {
        file.write({buffer.data(), count});
        offset += count;
    }
    file.publish();
    std::error_code error;
    fs::last_write_time(target, fs::last_write_time(photo), error);
}

[[noreturn]] void refuse(const fs::path& photo, const fs::path& target, int error, Placing way) {
    const std::string what = way == Placing::move ? "cannot move" : "cannot link";
    if (error == EEXIST) {
        throw IoError(ErrorCode::io, what + " '" + photo.native() + "': another file is at '" +
                                         target.native() + "'");
    }
    if (error == EXDEV || error == EPERM) {
        throw IoError(ErrorCode::io, what + " '" + photo.native() + "' to '" + target.native() +
                                         "': they are on different file systems, or this one has "
                                         "no links; use --method copy");
    }
    throw_io_error(what, photo, error);
}

}  // namespace

bool place(const fs::path& photo, const fs::path& target, Placing way) {
    std::error_code error;
    const bool is_there = fs::exists(photo, error);
    const bool is_taken = fs::exists(fs::symlink_status(target, error));
    if (is_taken && ((way == Placing::move && !is_there) ||
                     (way != Placing::move && is_there && is_same_content(photo, target)))) {
        return false;
    }
    if (!is_there) {
        throw IoError(ErrorCode::not_found, "'" + photo.native() + "' does not exist");
    }
    if (is_taken) {
        refuse(photo, target, EEXIST, way);
    }
    make_folder(target.parent_path());
    switch (way) {
        case Placing::copy:
            copy_photo(photo, target);
            break;
        case Placing::link:
            if (::link(photo.c_str(), target.c_str()) != 0) {
                refuse(photo, target, errno, way);
            }
            break;
        case Placing::move:
            if (const int problem = rename_without_replacing(photo, target); problem != 0) {
                refuse(photo, target, problem, way);
            }
            break;
    }
    return true;
}

bool move_back(const fs::path& moved, const fs::path& photo) {
    std::error_code error;
    if (!fs::exists(fs::symlink_status(moved, error))) {
        return false;
    }
    fs::create_directories(photo.parent_path(), error);
    return rename_without_replacing(moved, photo) == 0;
}

}  // namespace speciesnet::cli
