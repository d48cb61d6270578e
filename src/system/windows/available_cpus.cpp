// SPDX-License-Identifier: Apache-2.0
// A process whose mask is of one group of processors has threads in that group alone, unless it
// asks for more. A mask of zero says that it has threads in several groups.
#include "system/threads.hpp"
#include "system/windows/win32.hpp"

#include <algorithm>
#include <bit>

namespace speciesnet {

int available_cpus() noexcept {
    DWORD_PTR mask = 0;
    DWORD_PTR of_system = 0;
    if (GetProcessAffinityMask(GetCurrentProcess(), &mask, &of_system) == 0 || mask == 0) {
        return std::max(1, static_cast<int>(GetActiveProcessorCount(ALL_PROCESSOR_GROUPS)));
    }
    return std::popcount(mask);
}

}  // namespace speciesnet
