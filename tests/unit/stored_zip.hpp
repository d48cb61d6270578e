// Writes zip files as torch.save does, and, for hostile ones, with single fields changed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

namespace speciesnet {

struct StoredEntry {
    std::string name;
    std::string content;
    std::uint16_t method = 0;
    std::uint16_t flags = 0;
};

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
        const auto crc = crc32(0, reinterpret_cast<const Bytef*>(entry.content.data()),
                               static_cast<uInt>(entry.content.size()));
        const std::string common = little_endian(20, 2) + little_endian(entry.flags, 2) +
                                   little_endian(entry.method, 2) + little_endian(0, 4) +
                                   little_endian(crc, 4) + little_endian(entry.content.size(), 4) +
                                   little_endian(entry.content.size(), 4) +
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
