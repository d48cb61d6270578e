// Asks the kernel, because std::thread::hardware_concurrency() may count cores that this process
// must not use.
#include "system/cpu_count.hpp"

#include <algorithm>

#include <sched.h>

namespace speciesnet {

int available_cpus() noexcept {
    cpu_set_t mask{};
    if (sched_getaffinity(0, sizeof(mask), &mask) != 0) {
        return 1;
    }
    return std::max(1, CPU_COUNT(&mask));
}

}  // namespace speciesnet
