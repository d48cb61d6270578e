// SPDX-License-Identifier: Apache-2.0
// The whole pages within a range of memory.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace speciesnet {

/// @param page size of a page in bytes, a power of two
/// @return empty if no page lies in it as a whole
inline std::span<std::byte> whole_pages(void* memory, std::size_t bytes, std::size_t page) {
    if (std::align(page, page, memory, bytes) == nullptr) {
        return {};
    }
    return {static_cast<std::byte*>(memory), bytes / page * page};
}

}  // namespace speciesnet
