// SPDX-License-Identifier: Apache-2.0
// Uses O_EXCL: two files of one name in a package must not overwrite each other unnoticed.
#include "system/new_file.hpp"

#include "speciesnet/error.hpp"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace speciesnet {
namespace {

[[noreturn]] void fail(const char* what, const std::filesystem::path& path) {
    throw IoError(ErrorCode::io, std::string("cannot ") + what + " '" + path.string() +
                                     "': " + std::generic_category().message(errno));
}

}  // namespace

NewFile::NewFile(std::filesystem::path path)
    : path_(std::move(path)),
      descriptor_(open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) {
        fail("make", path_);
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
            fail("write", path_);
        }
    }
}

void NewFile::close() {
    if (::close(std::exchange(descriptor_, -1)) != 0) {
        fail("write", path_);
    }
}

void write_new_file(const std::filesystem::path& path, std::string_view content) {
    NewFile file(path);
    file.write(content);
    file.close();
}

}  // namespace speciesnet
