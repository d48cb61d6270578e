// SPDX-License-Identifier: Apache-2.0
// Writes zip files as torch.save does and, for hostile ones, with single fields changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <zlib.h>

namespace speciesnet {

struct StoredEntry {
    std::string name;
    std::string content;
    std::uint16_t method = 0;
    std::uint16_t flags = 0;
    std::optional<std::string> unpacked =
        {};  ///< The uncompressed content, if `content` is compressed.
};

/// Returns an entry that is compressed as by Python's zipfile.
inline StoredEntry deflated_entry(std::string name, const std::string& content) {
    std::string packed(compressBound(content.size()) + 64, '\0');
    z_stream stream{};
    constexpr int raw = -MAX_WBITS;
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, raw, 8, Z_DEFAULT_STRATEGY);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return {
        .name = std::move(name), .content = std::move(packed), .method = 8, .unpacked = content};
}

inline std::string little_endian(std::uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) {
        text += static_cast<char>(i < 8 ? (value >> (8 * i)) & 0xffU : 0);
    }
    return text;
}

inline std::string stored_zip(const std::vector<StoredEntry>& entries) {
    std::string file;
    std::string directory;
    for (const auto& entry : entries) {
        const std::string& unpacked = entry.unpacked ? *entry.unpacked : entry.content;
        const auto crc = crc32(0, reinterpret_cast<const Bytef*>(unpacked.data()),
                               static_cast<uInt>(unpacked.size()));
        const std::string common = little_endian(20, 2) + little_endian(entry.flags, 2) +
                                   little_endian(entry.method, 2) + little_endian(0, 4) +
                                   little_endian(crc, 4) + little_endian(entry.content.size(), 4) +
                                   little_endian(unpacked.size(), 4) +
                                   little_endian(entry.name.size(), 2) + little_endian(0, 2);
        directory += "PK\1\2" + little_endian(20, 2) + common + little_endian(0, 2 + 2 + 2 + 4) +
                     little_endian(file.size(), 4) + entry.name;
        file += "PK\3\4" + common + entry.name + entry.content;
    }
    return file + directory + "PK\5\6" + little_endian(0, 4) + little_endian(entries.size(), 2) +
           little_endian(entries.size(), 2) + little_endian(directory.size(), 4) +
           little_endian(file.size(), 4) + little_endian(0, 2);
}

}  // namespace speciesnet
