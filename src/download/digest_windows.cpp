// SPDX-License-Identifier: Apache-2.0
// Windows' own digests. It declares them after its types, and so its headers have an order.
#include "speciesnet/error.hpp"

#include "download/digest.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <type_traits>

// clang-format off
#include <windows.h>
#include <bcrypt.h>
// clang-format on

namespace speciesnet {
namespace {

struct CloseAlgorithm {
    void operator()(BCRYPT_ALG_HANDLE algorithm) const noexcept {
        BCryptCloseAlgorithmProvider(algorithm, 0);
    }
};
struct DestroyHash {
    void operator()(BCRYPT_HASH_HANDLE hash) const noexcept { BCryptDestroyHash(hash); }
};
template <typename Handle, typename Close>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, Close>;

}  // namespace

std::string digest_of(std::string_view content, DigestAlgorithm algorithm) {
    const bool is_md5 = algorithm == DigestAlgorithm::md5;
    const auto check = [&](NTSTATUS status) {
        if (status < 0) {
            throw Error(ErrorCode::internal,
                        "Windows cannot compute " + std::string(name_of(algorithm)));
        }
    };
    BCRYPT_ALG_HANDLE opened = nullptr;
    check(BCryptOpenAlgorithmProvider(
        &opened, is_md5 ? BCRYPT_MD5_ALGORITHM : BCRYPT_SHA256_ALGORITHM, nullptr, 0));
    const Owned<BCRYPT_ALG_HANDLE, CloseAlgorithm> provider(opened);
    BCRYPT_HASH_HANDLE begun = nullptr;
    check(BCryptCreateHash(provider.get(), &begun, nullptr, 0, nullptr, 0, 0));
    const Owned<BCRYPT_HASH_HANDLE, DestroyHash> hash(begun);
    // One call takes 32 bits of size.
    constexpr std::size_t most_at_once = std::size_t{1} << 30U;
    while (!content.empty()) {
        const auto piece = content.substr(0, most_at_once);
        // The function takes mutable bytes and changes none.
        auto* const bytes = reinterpret_cast<PUCHAR>(const_cast<char*>(piece.data()));
        check(BCryptHashData(hash.get(), bytes, static_cast<ULONG>(piece.size()), 0));
        content.remove_prefix(piece.size());
    }
    constexpr std::size_t md5_bytes = 16;
    constexpr std::size_t sha256_bytes = 32;
    std::array<char, sha256_bytes> digest{};
    const std::size_t size = is_md5 ? md5_bytes : sha256_bytes;
    check(BCryptFinishHash(hash.get(), reinterpret_cast<PUCHAR>(digest.data()),
                           static_cast<ULONG>(size), 0));
    return to_hexadecimal({digest.data(), size});
}

}  // namespace speciesnet
