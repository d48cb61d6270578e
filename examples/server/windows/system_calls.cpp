// SPDX-License-Identifier: Apache-2.0
#include "system_calls.hpp"

// clang-format off
#include <windows.h>
#include <bcrypt.h>
#include <psapi.h>
// clang-format on

namespace server {

bool fill_with_randomness(std::span<std::byte> bytes) noexcept {
    return BCryptGenRandom(nullptr, reinterpret_cast<PUCHAR>(bytes.data()),
                           static_cast<ULONG>(bytes.size()), BCRYPT_USE_SYSTEM_PREFERRED_RNG) == 0;
}

std::uint64_t resident_bytes() {
    PROCESS_MEMORY_COUNTERS counters{};
    return GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof(counters)) != 0
               ? counters.WorkingSetSize
               : 0;
}

}  // namespace server
