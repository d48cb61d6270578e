// SPDX-License-Identifier: Apache-2.0
#include "system_calls.hpp"

#include <fstream>

#include <sys/random.h>
#include <unistd.h>

namespace server {

bool fill_with_randomness(std::span<std::byte> bytes) noexcept {
    return getrandom(bytes.data(), bytes.size(), GRND_NONBLOCK) ==
           static_cast<ssize_t>(bytes.size());
}

std::uint64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    statm >> total >> resident;
    return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace server
