// Size first, then memory.
#include "encoded_file.hpp"

#include "speciesnet/error.hpp"

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

namespace speciesnet {

std::vector<std::byte> read_encoded_file(const std::filesystem::path& path,
                                         const DecodeLimits& limits) {
    std::error_code failure;
    const std::uintmax_t length = std::filesystem::file_size(path, failure);
    if (failure) {
        const bool missing = failure == std::errc::no_such_file_or_directory;
        throw IoError(missing ? ErrorCode::not_found : ErrorCode::io,
                      path.string() + ": " + failure.message());
    }
    if (length > limits.max_bytes) {
        throw InvalidImage(ErrorCode::media_too_large, path.string() + ": " +
                                                           std::to_string(length) +
                                                           " bytes are more than the limit of " +
                                                           std::to_string(limits.max_bytes));
    }
    std::vector<std::byte> bytes(static_cast<std::size_t>(length));
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!file) {
        throw IoError(ErrorCode::io, path.string() + ": cannot be read");
    }
    return bytes;
}

}  // namespace speciesnet
