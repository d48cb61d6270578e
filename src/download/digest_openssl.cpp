// SPDX-License-Identifier: Apache-2.0
// OpenSSL's digests use the processor's SHA instructions, which matters for gigabytes.
#include "speciesnet/error.hpp"

#include "download/digest.hpp"

#include <array>

#include <openssl/evp.h>

namespace speciesnet {

std::string digest_of(std::string_view content, DigestAlgorithm algorithm) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int length = 0;
    const auto* const method = algorithm == DigestAlgorithm::md5 ? EVP_md5() : EVP_sha256();
    if (EVP_Digest(content.data(), content.size(), bytes.data(), &length, method, nullptr) != 1) {
        // MD5 is disabled on machines in FIPS mode.
        throw Error(ErrorCode::internal,
                    "OpenSSL cannot compute " + std::string(name_of(algorithm)));
    }
    return to_hexadecimal({reinterpret_cast<const char*>(bytes.data()), length});
}

}  // namespace speciesnet
