// SPDX-License-Identifier: Apache-2.0
// Builds tar archives that no tar program would write.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace speciesnet {

/// One entry; types: '0' file, '1' hard link, '2' symbolic link, '3' device, '5' folder.
inline std::string tar_entry(std::string_view name, std::string_view content, char type = '0',
                             std::string_view link = {}) {
    constexpr std::size_t block = 512;
    std::string header(block, '\0');
    const auto put = [&header](std::size_t offset, std::string_view text) {
        header.replace(offset, text.size(), text);
    };
    char size[12];
    std::snprintf(size, sizeof size, "%011zo", content.size());
    put(0, name);
    put(100, "0000644");
    put(108, "0000000");
    put(116, "0000000");
    put(124, size);
    put(136, "00000000000");
    put(148, "        ");
    header[156] = type;
    put(157, link);
    put(257, std::string_view("ustar\00000", 8));
    unsigned sum = 0;
    for (const char letter : header) {
        sum += static_cast<unsigned char>(letter);
    }
    char checksum[8];
    std::snprintf(checksum, sizeof checksum, "%06o", sum);
    put(148, std::string_view(checksum, 7));
    const std::size_t padding = (block - content.size() % block) % block;
    return header + std::string(content) + std::string(padding, '\0');
}

/// Returns the end of an archive.
inline std::string tar_end() {
    return std::string(1024, '\0');
}

}  // namespace speciesnet
