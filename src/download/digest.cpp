// SPDX-License-Identifier: Apache-2.0
#include "download/digest.hpp"

#include "system/memory.hpp"

#include <cstdint>

namespace speciesnet {

std::string digest_of_file(const std::filesystem::path& file, DigestAlgorithm algorithm) {
    return digest_of(map_file(file).content, algorithm);
}

std::string_view name_of(DigestAlgorithm algorithm) {
    return algorithm == DigestAlgorithm::md5 ? "MD5" : "SHA-256";
}

std::string to_hexadecimal(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const char letter : bytes) {
        const auto byte = static_cast<unsigned char>(letter);
        text += digits[byte / 16];
        text += digits[byte % 16];
    }
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    std::uint32_t bits = 0;
    int pending = 0;
    for (const char letter : text.substr(0, text.find_last_not_of('=') + 1)) {
        const auto value = alphabet.find(letter);
        if (value == std::string_view::npos) {
            return std::nullopt;
        }
        bits = bits << 6U | static_cast<std::uint32_t>(value);
        pending += 6;
        if (pending >= 8) {
            pending -= 8;
            bytes += static_cast<char>(bits >> static_cast<unsigned>(pending) & 0xFFU);
        }
    }
    return bytes;
}

}  // namespace speciesnet
