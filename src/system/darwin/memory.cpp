// SPDX-License-Identifier: Apache-2.0
#include "system/memory.hpp"

#include "system/posix/disk_space.hpp"

#include <cerrno>

#include <fcntl.h>
#include <malloc/malloc.h>
#include <unistd.h>

namespace speciesnet {

int reserve_disk_space(int descriptor, off_t size) noexcept {
    fstore_t space{};
    space.fst_flags = F_ALLOCATEALL;
    space.fst_posmode = F_PEOFPOSMODE;
    space.fst_length = size;
    const bool reserved = fcntl(descriptor, F_PREALLOCATE, &space) != -1;
    return reserved && ftruncate(descriptor, size) == 0 ? 0 : errno;
}

// Pages have 16 KiB; larger ones must be requested when memory is mapped.
void advise_huge_pages(void* /*memory*/, std::size_t /*bytes*/) noexcept {}

void return_free_memory() noexcept {
    malloc_zone_pressure_relief(nullptr, 0);
}

}  // namespace speciesnet
