// SPDX-License-Identifier: Apache-2.0
#include "file_descriptor.hpp"

#include "speciesnet/utf8_path.hpp"

#include <cerrno>
#include <system_error>

namespace speciesnet {

void throw_io_error(const std::string& what, const std::filesystem::path& file, int error) {
    const auto code = error == ENOENT ? ErrorCode::not_found : ErrorCode::io;
    throw IoError(code,
                  what + " '" + utf8_text(file) + "': " + std::generic_category().message(error));
}

void cut_off(const FileDescriptor& descriptor, std::uint64_t size,
             const std::filesystem::path& file) {
    if (!try_to_cut_off(descriptor, size)) {
        throw_io_error("cannot write", file, errno);
    }
}

std::vector<std::byte> read_file(const FileDescriptor& file) {
    std::vector<std::byte> bytes(file_size(file));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const std::span left(reinterpret_cast<char*>(bytes.data()) + filled, bytes.size() - filled);
        const auto count = read_at(file, left, filled, "an open file");
        if (count == 0) {
            throw_io_error("cannot read", "an open file", EIO);
        }
        filled += count;
    }
    return bytes;
}

}  // namespace speciesnet
