// SPDX-License-Identifier: Apache-2.0
// validate() is called before every decoder. It compares libmagic's type with the format's own
// signature, then checks the header.
#include "image/exif.hpp"
#include "image/format.hpp"
#include "system/memory.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <vector>

#include <magic.h>

namespace speciesnet {
namespace {

/// libmagic looks at the beginning alone: enough for every signature, and bounded work.
constexpr std::size_t magic_bytes = 4096;

using Magic = std::unique_ptr<magic_set, decltype(&magic_close)>;

/// libmagic's compiled database, where libmagic itself would look for it. Its own way to open files
/// goes on without those that cannot be opened just now, and then knows no format.
/// @throws IoError
std::vector<MappedFile> map_databases() {
    static constexpr std::string_view compiled = ".mgc";
    std::vector<MappedFile> databases;
    std::istringstream names(magic_getpath(nullptr, 0));
    for (std::string name; std::getline(names, name, ':');) {
        name += name.ends_with(compiled) ? std::string_view() : compiled;
        try {
            databases.push_back(map_file(name));
        } catch (const IoError& error) {
            if (error.code() != ErrorCode::not_found) {
                throw;
            }
        }
    }
    if (databases.empty()) {
        throw IoError(ErrorCode::not_found, std::string("libmagic's database is missing: ") +
                                                magic_getpath(nullptr, 0) + " (.mgc)");
    }
    return databases;
}

[[noreturn]] void throw_magic_error(magic_set* magic) {
    if (magic_errno(magic) == ENOMEM) {
        throw std::bad_alloc();
    }
    throw Error(ErrorCode::internal, std::string("libmagic: ") + magic_error(magic));
}

Magic open_magic() {
    static constexpr int flags = MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR |
                                 MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_TEXT |
                                 MAGIC_NO_CHECK_TOKENS | MAGIC_NO_CHECK_ENCODING |
                                 MAGIC_NO_CHECK_JSON | MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_APPTYPE;
    static const auto databases = map_databases();
    Magic magic(magic_open(flags), magic_close);
    if (!magic) {
        throw std::bad_alloc();
    }
    std::vector<void*> contents;
    std::vector<std::size_t> sizes;
    for (const auto& database : databases) {
        // Not written to: the mapping is read-only.
        contents.push_back(const_cast<char*>(database.content.data()));
        sizes.push_back(database.content.size());
    }
    if (magic_load_buffers(magic.get(), contents.data(), sizes.data(), contents.size()) != 0) {
        throw_magic_error(magic.get());
    }
    return magic;
}

/// Asks libmagic, whose state must not be shared between threads: each has its own, over the same
/// database.
std::string_view media_type_by_magic(Bytes bytes) {
    static thread_local const Magic magic = open_magic();
    const char* const found =
        magic_buffer(magic.get(), bytes.data(), std::min(bytes.size(), magic_bytes));
    if (found == nullptr) {
        throw_magic_error(magic.get());
    }
    return found;
}

bool is_image_type(std::string_view declared) {
    std::string type(declared.substr(0, declared.find(';')));
    std::ranges::transform(type, type.begin(), [](unsigned char c) { return std::tolower(c); });
    const std::size_t first = type.find_first_not_of(" \t");
    return first != std::string::npos && type.substr(first).starts_with("image/");
}

}  // namespace

std::string_view media_type_name(MediaType type) noexcept {
    switch (type) {
        case MediaType::jpeg:
            return "image/jpeg";
        case MediaType::png:
            return "image/png";
        case MediaType::gif:
            return "image/gif";
        case MediaType::bmp:
            return "image/bmp";
        case MediaType::webp:
            return "image/webp";
        case MediaType::tiff:
            return "image/tiff";
        case MediaType::heic:
            return "image/heic";
        case MediaType::avif:
            return "image/avif";
    }
    return "application/octet-stream";
}

MediaInfo validate(std::span<const std::byte> bytes, std::optional<std::string_view> declared_type,
                   const DecodeLimits& limits) {
    if (declared_type && !is_image_type(*declared_type)) {
        throw InvalidImage(ErrorCode::unsupported_media_type,
                           "not an image type: " + std::string(*declared_type));
    }
    if (bytes.size() > limits.max_bytes) {
        throw InvalidImage(ErrorCode::media_too_large, std::to_string(bytes.size()) +
                                                           " bytes are more than the limit of " +
                                                           std::to_string(limits.max_bytes));
    }
    if (bytes.empty()) {
        throw InvalidImage(ErrorCode::media_type_mismatch, "the file is empty: it has 0 bytes");
    }
    // The name that libmagic has for a format differs from version to version: that it is an image
    // is enough, which one the signature says.
    const Format* const format = find_format(bytes);
    if (format == nullptr || !media_type_by_magic(bytes).starts_with("image/")) {
        throw InvalidImage(ErrorCode::media_type_mismatch, "the content is no supported image");
    }
    auto [size, cost] = format->read_header(bytes);
    if (size.width < 1 || size.height < 1) {
        throw_undecodable(format->type, "no pixels");
    }
    const auto pixels =
        static_cast<std::uint64_t>(size.width) * static_cast<std::uint64_t>(size.height);
    if (pixels > limits.max_pixels) {
        throw InvalidImage(ErrorCode::media_too_large, std::to_string(size.width) + "x" +
                                                           std::to_string(size.height) +
                                                           " pixels are more than the limit of " +
                                                           std::to_string(limits.max_pixels));
    }
    const Cost turning = turning_cost(size);
    cost = {.work = cost.work + turning.work, .memory = std::max(cost.memory, turning.memory)};
    require_within(limits, cost);
    return {format->type, size.width, size.height, cost.work, cost.memory};
}

}  // namespace speciesnet
