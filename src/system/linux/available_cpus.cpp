// SPDX-License-Identifier: Apache-2.0
// std::thread::hardware_concurrency() may count cores that this process must not use.
#include "system/threads.hpp"

#include <algorithm>
#include <exception>
#include <fstream>
#include <iterator>
#include <string>

#include <sched.h>

namespace speciesnet {

int available_cpus() noexcept {
    cpu_set_t mask{};
    if (sched_getaffinity(0, sizeof(mask), &mask) != 0) {
        return 1;
    }
    const int cpus = std::max(1, CPU_COUNT(&mask));
    try {
        std::ifstream file("/proc/self/cgroup");
        const std::string membership{std::istreambuf_iterator<char>(file), {}};
        return std::min(cpus, control_group_cpus(membership, "/sys/fs/cgroup").value_or(cpus));
    } catch (const std::exception&) {
        return cpus;
    }
}

}  // namespace speciesnet
