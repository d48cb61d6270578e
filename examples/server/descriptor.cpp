// SPDX-License-Identifier: Apache-2.0
#include "descriptor.hpp"

#include "speciesnet/error.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <sys/stat.h>

namespace server {
namespace {

[[noreturn]] void fail(int error) {
    throw speciesnet::IoError(speciesnet::ErrorCode::io,
                              "read a file: " + std::generic_category().message(error));
}

}  // namespace

std::size_t file_size(const Descriptor& file) {
    struct stat status {};
    if (fstat(file.get(), &status) != 0) {
        fail(errno);
    }
    return static_cast<std::size_t>(status.st_size);
}

std::vector<std::byte> read_file(const Descriptor& file) {
    std::vector<std::byte> bytes(file_size(file));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const ssize_t count = pread(file.get(), bytes.data() + filled, bytes.size() - filled,
                                    static_cast<off_t>(filled));
        if (count > 0) {
            filled += static_cast<std::size_t>(count);
        } else if (count == 0 || errno != EINTR) {
            fail(count == 0 ? EIO : errno);
        }
    }
    return bytes;
}

}  // namespace server
