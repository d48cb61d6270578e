// SPDX-License-Identifier: Apache-2.0
// Queries the kernel, because std::thread::hardware_concurrency() may count cores that this process
// must not use.
#include "system/cpu_count.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/inference.hpp"

#include <algorithm>
#include <string>

#include <sched.h>

namespace speciesnet {

int available_cpus() noexcept {
    cpu_set_t mask{};
    if (sched_getaffinity(0, sizeof(mask), &mask) != 0) {
        return 1;
    }
    return std::max(1, CPU_COUNT(&mask));
}

int thread_count(int wanted) {
    if (wanted < 0 || wanted > most_threads) {
        throw InvalidArgument("threads is " + std::to_string(wanted) + ", not 0 to " +
                              std::to_string(most_threads));
    }
    return wanted > 0 ? wanted : available_cpus();
}

}  // namespace speciesnet
