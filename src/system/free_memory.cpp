// SPDX-License-Identifier: Apache-2.0
// Only glibc retains so much that it has a function for this.
#include "system/free_memory.hpp"

#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace speciesnet {

void return_free_memory() noexcept {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

}  // namespace speciesnet
