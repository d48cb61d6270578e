// decode(): gate, decoder, orientation, in this order.
#include "speciesnet/image.hpp"

#include "exif.hpp"
#include "format.hpp"

#include <cerrno>
#include <fstream>
#include <limits>
#include <system_error>
#include <utility>

namespace speciesnet {

Image decode(std::span<const std::byte> bytes, const DecodeLimits& limits) {
    const MediaInfo info = validate(bytes, std::nullopt, limits);
    const Format& format = *find_format(bytes);
    PixelSize size{info.width, info.height};
    const int orientation = format.read_orientation(bytes);
    std::vector<std::uint8_t> rgb = upright(format.decode_rgb(bytes, size), size, orientation);
    return Image::from_rgb(size.width, size.height, std::move(rgb));
}

Image decode_file(const std::filesystem::path& path, const DecodeLimits& limits) {
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
    return decode(bytes, limits);
}

}  // namespace speciesnet
