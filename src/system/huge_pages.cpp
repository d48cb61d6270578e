// SPDX-License-Identifier: Apache-2.0
#include "system/huge_pages.hpp"

#include "system/whole_pages.hpp"

#include <sys/mman.h>

namespace speciesnet {

void advise_huge_pages(void* memory, std::size_t bytes) noexcept {
    const auto pages = whole_pages(memory, bytes, huge_page);
    if (!pages.empty()) {
        madvise(pages.data(), pages.size(), MADV_HUGEPAGE);
    }
}

}  // namespace speciesnet
