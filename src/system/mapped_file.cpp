// SPDX-License-Identifier: Apache-2.0
// Views share ownership of the mapping, so that none outlives it.
#include "system/mapped_file.hpp"

#include "speciesnet/error.hpp"

#include "system/regular_file.hpp"
#include "system/whole_pages.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <sys/mman.h>
#include <unistd.h>

namespace speciesnet {

MappedFile map_file(const std::filesystem::path& path) {
    const RegularFile file(path);
    const auto size = static_cast<std::size_t>(file.size());
    if (size == 0) {
        return {};
    }
    void* const address = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.descriptor(), 0);
    if (address == MAP_FAILED) {
        throw IoError(ErrorCode::io, "cannot map '" + path.string() +
                                         "': " + std::generic_category().message(errno));
    }
    const std::shared_ptr<const void> owner(address,
                                            [size](void* mapped) { munmap(mapped, size); });
    return {{static_cast<const char*>(address), size}, owner};
}

void release_pages(std::string_view content) noexcept {
    // The system's functions take pointers to mutable memory; nothing is written.
    const auto pages = whole_pages(const_cast<char*>(content.data()), content.size(),
                                   static_cast<std::size_t>(sysconf(_SC_PAGESIZE)));
    if (!pages.empty()) {
        madvise(pages.data(), pages.size(), MADV_DONTNEED);
    }
}

}  // namespace speciesnet
