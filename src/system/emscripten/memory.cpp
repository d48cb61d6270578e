// SPDX-License-Identifier: Apache-2.0
// The memory of a WebAssembly module has no pages to advise on and never shrinks, and its files are
// in memory.
#include "system/memory.hpp"

#include "system/posix/disk_space.hpp"

#include <cerrno>

#include <unistd.h>

namespace speciesnet {

int reserve_disk_space(int descriptor, off_t size) noexcept {
    return ftruncate(descriptor, size) == 0 ? 0 : errno;
}

void advise_huge_pages(void* /*memory*/, std::size_t /*bytes*/) noexcept {}

void return_free_memory() noexcept {}

}  // namespace speciesnet
