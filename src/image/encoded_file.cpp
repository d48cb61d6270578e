// SPDX-License-Identifier: Apache-2.0
// Reads a photo completely instead of mapping it, because another program could truncate the file
// while it is decoded. Checks the size before allocating.
#include "speciesnet/error.hpp"
#include "speciesnet/media.hpp"
#include "speciesnet/utf8_path.hpp"

#include "system/files.hpp"

#include <algorithm>
#include <string>

namespace speciesnet {

std::vector<std::byte> read_encoded_file(const std::filesystem::path& path,
                                         const DecodeLimits& limits) {
    RegularFile file(path);
    if (file.size() > limits.max_bytes) {
        throw InvalidImage(ErrorCode::media_too_large, utf8_text(path) + ": " +
                                                           std::to_string(file.size()) +
                                                           " bytes are more than the limit of " +
                                                           std::to_string(limits.max_bytes));
    }
    std::vector<std::byte> bytes(static_cast<std::size_t>(file.size()));
    if (file.read(bytes) < bytes.size()) {
        throw IoError(ErrorCode::io,
                      "cannot read '" + utf8_text(path) + "': it was truncated while being read");
    }
    return bytes;
}

std::vector<std::byte> read_beginning(const std::filesystem::path& path, std::size_t count) {
    RegularFile file(path);
    std::vector<std::byte> bytes(
        static_cast<std::size_t>(std::min<std::uint64_t>(count, file.size())));
    bytes.resize(file.read(bytes));
    return bytes;
}

}  // namespace speciesnet
