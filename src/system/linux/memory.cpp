// SPDX-License-Identifier: Apache-2.0
#include "system/memory.hpp"

#include "system/posix/disk_space.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace speciesnet {

int reserve_disk_space(int descriptor, off_t size) noexcept {
    return posix_fallocate(descriptor, 0, size);
}

void advise_huge_pages(void* memory, std::size_t bytes) noexcept {
    const auto pages = whole_pages(memory, bytes, huge_page);
    if (!pages.empty()) {
        madvise(pages.data(), pages.size(), MADV_HUGEPAGE);
    }
}

// Only glibc retains so much memory that it provides a function for this.
void return_free_memory() noexcept {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

}  // namespace speciesnet
