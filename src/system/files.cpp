// SPDX-License-Identifier: Apache-2.0
#include "system/files.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "system/file_operations.hpp"

#include <string>
#include <system_error>
#include <utility>

namespace speciesnet {
namespace {

std::filesystem::path folder_of(const std::filesystem::path& path) {
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

std::string workplace_prefix(const std::filesystem::path& final_path) {
    return "." + utf8_text(final_path.filename()) + ".partial-";
}

void remove_tree(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::remove_all(folder, error);
    if (error) {
        fail_with_file("cannot remove", folder, error);
    }
}

}  // namespace

void fail_with_file(const std::string& what, const std::filesystem::path& path,
                    const std::error_code& error) {
    throw IoError(ErrorCode::io, what + " '" + utf8_text(path) + "': " + error.message());
}

void move_path(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (const auto error = replace_path(from, to)) {
        throw IoError(ErrorCode::io, "cannot move '" + utf8_text(from) + "' to '" + utf8_text(to) +
                                         "': " + error.message());
    }
}

void write_new_file(const std::filesystem::path& path, std::string_view content) {
    NewFile file(path);
    file.write(content);
    file.close();
}

PendingPath::PendingPath(std::filesystem::path final_path) : final_path_(std::move(final_path)) {
    // A trailing slash would hide the name.
    if (!final_path_.has_filename()) {
        final_path_ = final_path_.parent_path();
    }
    const auto folder = folder_of(final_path_);
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        fail_with_file("cannot create", folder, error);
    }
    workplace_ = make_unique_folder(folder, workplace_prefix(final_path_));
    path_ = workplace_ / final_path_.filename();
}

PendingPath::~PendingPath() {
    std::error_code ignored;
    std::filesystem::remove_all(workplace_, ignored);
}

// Renaming is atomic within a file system. Data synchronised before it survives a power failure.
void PendingPath::publish() {
    if (std::filesystem::is_directory(path_)) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path_)) {
            sync_to_disk(entry.path());
        }
    }
    sync_to_disk(path_);
    if (const auto error = replace_path(path_, final_path_)) {
        fail_with_file("cannot replace", final_path_, error);
    }
    sync_to_disk(folder_of(final_path_));
}

void PendingPath::remove_leftovers(const std::filesystem::path& final_path) {
    std::error_code ignored;
    const std::string prefix = workplace_prefix(final_path);
    for (const auto& entry : std::filesystem::directory_iterator(folder_of(final_path), ignored)) {
        if (utf8_text(entry.path().filename()).starts_with(prefix)) {
            std::filesystem::remove_all(entry.path(), ignored);
        }
    }
}

// The temporary name starts with a dot, as those of all unfinished paths.
void remove_folder(const std::filesystem::path& folder) {
    const auto doomed =
        folder.parent_path() / utf8_path("." + utf8_text(folder.filename()) + ".removed");
    remove_tree(doomed);
    std::error_code error;
    if (std::filesystem::exists(folder, error)) {
        move_path(folder, doomed);
        remove_tree(doomed);
    }
}

}  // namespace speciesnet
