// SPDX-License-Identifier: Apache-2.0
// Renames without replacing, so that no race can overwrite a file.
#include "placement.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "file_descriptor.hpp"
#include "files/atomic_file.hpp"
#include "paths.hpp"

#include <string>
#include <system_error>
#include <vector>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece = std::size_t{1} << 20U;

bool is_same_content(const fs::path& a, const fs::path& b) {
    std::error_code error;
    if (fs::equivalent(a, b, error)) {
        return true;
    }
    return fs::is_regular_file(b, error) && fs::file_size(a, error) == fs::file_size(b, error) &&
           fs::last_write_time(a, error) == fs::last_write_time(b, error) && !error;
}

void copy_photo(const fs::path& photo, const fs::path& target) {
    const auto source = open_to_read(photo);
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

[[noreturn]] void refuse(const fs::path& photo, const fs::path& target,
                         const std::error_code& error, Placing way) {
    const std::string what = way == Placing::move ? "cannot move" : "cannot link";
    if (error == std::errc::file_exists) {
        throw IoError(ErrorCode::io, what + " '" + utf8_text(photo) + "': another file is at '" +
                                         utf8_text(target) + "'");
    }
    if (error == std::errc::cross_device_link || error == std::errc::operation_not_permitted) {
        throw IoError(ErrorCode::io, what + " '" + utf8_text(photo) + "' to '" + utf8_text(target) +
                                         "': they are on different file systems, or this one has "
                                         "no links; use --method copy");
    }
    throw IoError(
        error == std::errc::no_such_file_or_directory ? ErrorCode::not_found : ErrorCode::io,
        what + " '" + utf8_text(photo) + "': " + error.message());
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
        throw IoError(ErrorCode::not_found, "'" + utf8_text(photo) + "' does not exist");
    }
    if (is_taken) {
        refuse(photo, target, std::make_error_code(std::errc::file_exists), way);
    }
    make_folder(target.parent_path());
    switch (way) {
        case Placing::copy:
            copy_photo(photo, target);
            break;
        case Placing::link:
            if (fs::create_hard_link(photo, target, error); error) {
                refuse(photo, target, error, way);
            }
            break;
        case Placing::move:
            if (const auto problem = rename_without_replacing(photo, target)) {
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
    return !rename_without_replacing(moved, photo);
}

}  // namespace speciesnet::cli
