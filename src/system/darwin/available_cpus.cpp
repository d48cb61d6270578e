// SPDX-License-Identifier: Apache-2.0
// The system has neither affinity masks nor control groups.
#include "system/threads.hpp"

#include <algorithm>
#include <cstddef>

#include <sys/sysctl.h>

namespace speciesnet {

int available_cpus() noexcept {
    int cpus = 0;
    std::size_t size = sizeof cpus;
    return sysctlbyname("hw.activecpu", &cpus, &size, nullptr, 0) == 0 ? std::max(1, cpus) : 1;
}

}  // namespace speciesnet
