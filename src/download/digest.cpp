// SPDX-License-Identifier: Apache-2.0
// Uses OpenSSL's digests, which use the CPU's SHA instructions: files have gigabytes.
#include "download/digest.hpp"

#include "speciesnet/error.hpp"

#include "system/memory.hpp"

#include <array>

#include <openssl/evp.h>

namespace speciesnet {

std::string digest_of(std::string_view content, DigestAlgorithm algorithm) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int length = 0;
    const auto* const method = algorithm == DigestAlgorithm::md5 ? EVP_md5() : EVP_sha256();
    if (EVP_Digest(content.data(), content.size(), bytes.data(), &length, method, nullptr) != 1) {
        // MD5 is switched off on machines in FIPS mode.
        throw Error(ErrorCode::internal,
                    "OpenSSL cannot compute " + std::string(name_of(algorithm)));
    }
    return to_hexadecimal({reinterpret_cast<const char*>(bytes.data()), length});
}

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

}  // namespace speciesnet
