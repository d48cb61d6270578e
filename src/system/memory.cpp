// SPDX-License-Identifier: Apache-2.0
#include "system/memory.hpp"

#include "speciesnet/error.hpp"

#include "system/files.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

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

// The pages are shared with the file, so release_pages() frees memory without losing content.
ScratchFile::ScratchFile(const std::filesystem::path& folder, std::size_t size) : size_(size) {
    if (size == 0) {
        return;
    }
    std::string name = (folder / ".scratch-XXXXXX").string();
    const int descriptor = mkostemp(name.data(), O_CLOEXEC);
    int error = descriptor < 0 ? errno : 0;
    if (error == 0) {
        unlink(name.c_str());
        // Allocates the space on disk: a full disk is an error here, and not a signal later.
        error = posix_fallocate(descriptor, 0, static_cast<off_t>(size));
    }
    if (error == 0) {
        void* const address =
            mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        error = address == MAP_FAILED ? errno : 0;
        data_ = error == 0 ? static_cast<char*>(address) : nullptr;
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    if (error != 0) {
        throw IoError(ErrorCode::io, "cannot use " + std::to_string(size) + " bytes in '" +
                                         folder.string() +
                                         "': " + std::generic_category().message(error));
    }
}

ScratchFile::~ScratchFile() {
    if (data_ != nullptr) {
        munmap(data_, size_);
    }
}

void advise_huge_pages(void* memory, std::size_t bytes) noexcept {
    const auto pages = whole_pages(memory, bytes, huge_page);
    if (!pages.empty()) {
        madvise(pages.data(), pages.size(), MADV_HUGEPAGE);
    }
}

// Only glibc retains so much that it has a function for this.
void return_free_memory() noexcept {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

}  // namespace speciesnet
