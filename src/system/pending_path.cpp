// SPDX-License-Identifier: Apache-2.0
// rename() is atomic within a file system; fsync() makes it hold after a power failure.
#include "system/pending_path.hpp"

#include "speciesnet/error.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace speciesnet {
namespace {

[[noreturn]] void fail(const char* what, const std::filesystem::path& path, int error) {
    throw IoError(ErrorCode::io, std::string("cannot ") + what + " '" + path.string() +
                                     "': " + std::generic_category().message(error));
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

std::string workplace_prefix(const std::filesystem::path& final_path) {
    return "." + final_path.filename().string() + ".partial-";
}

void sync(const std::filesystem::path& path) {
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        fail("open", path, errno);
    }
    const int error = fsync(descriptor) != 0 ? errno : 0;
    close(descriptor);
    if (error != 0) {
        fail("write", path, error);
    }
}

}  // namespace

PendingPath::PendingPath(std::filesystem::path final_path) : final_path_(std::move(final_path)) {
    // A trailing slash would hide the name.
    if (!final_path_.has_filename()) {
        final_path_ = final_path_.parent_path();
    }
    const auto folder = folder_of(final_path_);
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        fail("make", folder, error.value());
    }
    std::string workplace = (folder / (workplace_prefix(final_path_) + "XXXXXX")).string();
    if (mkdtemp(workplace.data()) == nullptr) {
        fail("write in", folder, errno);
    }
    workplace_ = std::move(workplace);
    path_ = workplace_ / final_path_.filename();
}

PendingPath::~PendingPath() {
    std::error_code ignored;
    std::filesystem::remove_all(workplace_, ignored);
}

void PendingPath::publish() {
    if (std::filesystem::is_directory(path_)) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path_)) {
            sync(entry.path());
        }
    }
    sync(path_);
    std::error_code error;
    std::filesystem::rename(path_, final_path_, error);
    if (error) {
        fail("replace", final_path_, error.value());
    }
    sync(folder_of(final_path_));
}

void PendingPath::remove_leftovers(const std::filesystem::path& final_path) {
    std::error_code ignored;
    const std::string prefix = workplace_prefix(final_path);
    for (const auto& entry : std::filesystem::directory_iterator(folder_of(final_path), ignored)) {
        if (entry.path().filename().string().starts_with(prefix)) {
            std::filesystem::remove_all(entry.path(), ignored);
        }
    }
}

}  // namespace speciesnet
