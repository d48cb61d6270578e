// SPDX-License-Identifier: Apache-2.0
#include "system/files.hpp"

#include "speciesnet/error.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace speciesnet {
namespace {

[[noreturn]] void fail_to_read(const std::filesystem::path& path, ErrorCode code,
                               const std::string& why) {
    throw IoError(code, "cannot read '" + path.string() + "': " + why);
}

[[noreturn]] void fail_to_read(const std::filesystem::path& path, int error) {
    fail_to_read(path, error == ENOENT || error == ENOTDIR ? ErrorCode::not_found : ErrorCode::io,
                 std::generic_category().message(error));
}

/// What a file is that is not regular.
const char* kind_of(mode_t mode) {
    switch (mode & S_IFMT) {
        case S_IFDIR:
            return "a folder";
        case S_IFIFO:
            return "a named pipe";
        case S_IFSOCK:
            return "a socket";
        default:
            return "a device";
    }
}

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

void remove_tree(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::remove_all(folder, error);
    if (error) {
        throw IoError(ErrorCode::io, "cannot remove '" + folder.string() + "': " + error.message());
    }
}

}  // namespace

// O_NONBLOCK: opening a named pipe must not wait for a writer. The type is checked on the open
// descriptor and not on the path, whose file may be replaced in between.
RegularFile::RegularFile(std::filesystem::path path)
    : path_(std::move(path)),
      descriptor_(open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
    if (descriptor_ < 0) {
        // What opening a socket, or a device without a driver, answers.
        if (errno == ENXIO) {
            fail_to_read(path_, ErrorCode::io, "it is no regular file");
        }
        fail_to_read(path_, errno);
    }
    struct stat status {};
    const int error = fstat(descriptor_, &status) != 0 ? errno : 0;
    if (error != 0 || !S_ISREG(status.st_mode)) {
        close(descriptor_);
        if (error != 0) {
            fail_to_read(path_, error);
        }
        fail_to_read(path_, ErrorCode::io,
                     std::string("it is ") + kind_of(status.st_mode) + ", not a regular file");
    }
    size_ = static_cast<std::uint64_t>(status.st_size);
}

RegularFile::~RegularFile() {
    close(descriptor_);
}

std::size_t RegularFile::read(std::span<std::byte> target) {
    std::size_t filled = 0;
    while (filled < target.size()) {
        const auto count = ::read(descriptor_, target.data() + filled, target.size() - filled);
        if (count == 0) {
            break;
        }
        if (count > 0) {
            filled += static_cast<std::size_t>(count);
        } else if (errno != EINTR) {
            fail_to_read(path_, errno);
        }
    }
    return filled;
}

// O_EXCL: two files of one name in a package must not overwrite each other unnoticed.
NewFile::NewFile(std::filesystem::path path)
    : path_(std::move(path)),
      descriptor_(open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) {
        fail("make", path_, errno);
    }
}

NewFile::~NewFile() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

void NewFile::write(std::string_view content) {
    while (!content.empty()) {
        const auto written = ::write(descriptor_, content.data(), content.size());
        if (written >= 0) {
            content.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            fail("write", path_, errno);
        }
    }
}

void NewFile::close() {
    if (::close(std::exchange(descriptor_, -1)) != 0) {
        fail("write", path_, errno);
    }
}

void write_new_file(const std::filesystem::path& path, std::string_view content) {
    NewFile file(path);
    file.write(content);
    file.close();
}

void move_path(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::error_code error;
    std::filesystem::rename(from, to, error);
    if (error) {
        throw IoError(ErrorCode::io, "cannot move '" + from.string() + "' to '" + to.string() +
                                         "': " + error.message());
    }
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

// rename() is atomic within a file system; fsync() makes it hold after a power failure.
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

// The temporary name begins with a dot, as all unfinished paths do.
void remove_folder(const std::filesystem::path& folder) {
    const auto doomed = folder.parent_path() / ("." + folder.filename().string() + ".removed");
    remove_tree(doomed);
    std::error_code error;
    if (std::filesystem::exists(folder, error)) {
        move_path(folder, doomed);
        remove_tree(doomed);
    }
}

}  // namespace speciesnet
