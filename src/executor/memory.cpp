// SPDX-License-Identifier: Apache-2.0
// Allocates large blocks as whole huge pages. Convolutions access many rows at once, and would need
// an address translation for each page of 4 KiB.
#include "executor/memory.hpp"

#include "system/memory.hpp"

#include <bit>
#include <limits>
#include <new>
#include <utility>

namespace speciesnet::executor {
namespace {

#ifdef __EMSCRIPTEN__
constexpr bool has_known_pointers = sizeof(void*) == 4;
#else
constexpr bool has_known_pointers = sizeof(void*) == 8;
#endif
static_assert(has_known_pointers && std::endian::native == std::endian::little,
              "SpeciesNet C++ needs a 64-bit little-endian CPU: it maps weights from files as they "
              "are");

constexpr std::size_t cache_line = 64;

}  // namespace

Memory::Memory(std::size_t floats) : size_(floats) {
    if (floats == 0) {
        return;
    }
    if (floats > std::numeric_limits<std::size_t>::max() / sizeof(float) - huge_page) {
        throw std::bad_alloc();
    }
    std::size_t bytes = floats * sizeof(float);
    const std::size_t alignment = bytes >= huge_page ? huge_page : cache_line;
    bytes = (bytes + cache_line - 1) / cache_line * cache_line;
    void* const data = allocate_aligned(alignment, bytes);
    advise_huge_pages(data, bytes);
    data_.reset(static_cast<float*>(data));
}

void Memory::reserve(std::size_t floats) {
    if (floats > size_) {
        // Releases the memory first, so that the size is 0 if the allocation fails.
        *this = Memory();
        *this = Memory(floats);
    }
}

Numbers::Numbers(Memory memory) {
    const auto shared = std::make_shared<const Memory>(std::move(memory));
    numbers_ = {shared->data(), shared->size()};
    owner_ = shared;
}

Numbers::Numbers(std::span<const float> numbers, std::shared_ptr<const void> owner)
    : numbers_(numbers), owner_(std::move(owner)) {}

void Memory::Release::operator()(float* data) const noexcept {
    free_aligned(data);
}

}  // namespace speciesnet::executor
