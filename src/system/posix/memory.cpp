// SPDX-License-Identifier: Apache-2.0
#include "system/memory.hpp"

#include "speciesnet/error.hpp"

#include "system/files.hpp"
#include "system/posix/disk_space.hpp"

#include <cerrno>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <new>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace speciesnet {
namespace {

/// The memory that this library has mapped. Only its pages can be read again after they are
/// released. The plug-in has its own list.
class Mappings {
public:
    static Mappings& all() {
        // Never destroyed, because files are unmapped until the process ends.
        static auto* const mappings = new Mappings;
        return *mappings;
    }

    void add(const void* address, std::size_t size) {
        const std::lock_guard lock(mutex_);
        sizes_[static_cast<const char*>(address)] = size;
    }
    void remove(const void* address) noexcept {
        const std::lock_guard lock(mutex_);
        sizes_.erase(static_cast<const char*>(address));
    }
    bool hold(std::string_view content) noexcept {
        const std::lock_guard lock(mutex_);
        auto next = sizes_.upper_bound(content.data());
        if (next == sizes_.begin()) {
            return false;
        }
        const auto& [address, size] = *--next;
        return content.data() + content.size() <= address + size;
    }

private:
    std::mutex mutex_;
    std::map<const char*, std::size_t, std::less<>> sizes_;
};

/// @throws std::bad_alloc if there is no memory; then nothing is mapped
void remember_mapping(void* address, std::size_t size) {
    try {
        Mappings::all().add(address, size);
    } catch (...) {
        munmap(address, size);
        throw;
    }
}

void unmap(void* address, std::size_t size) noexcept {
    Mappings::all().remove(address);
    munmap(address, size);
}

}  // namespace

MappedFile map_file(const std::filesystem::path& path) {
    const RegularFile file(path);
    const auto size = static_cast<std::size_t>(file.size());
    if (size == 0) {
        return {};
    }
    void* const address =
        mmap(nullptr, size, PROT_READ, MAP_PRIVATE, static_cast<int>(file.native()), 0);
    if (address == MAP_FAILED) {
        throw IoError(ErrorCode::io, "cannot map '" + path.string() +
                                         "': " + std::generic_category().message(errno));
    }
    remember_mapping(address, size);
    const std::shared_ptr<const void> owner(address, [size](void* mapped) { unmap(mapped, size); });
    return {{static_cast<const char*>(address), size}, owner};
}

void release_pages(std::string_view content) noexcept {
    // Other memory, such as a caller's that a model is loaded from, would lose its content.
    if (!Mappings::all().hold(content)) {
        return;
    }
    // The system's functions take pointers to mutable memory, but write nothing.
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
    void* address = MAP_FAILED;
    std::string name = (folder / ".scratch-XXXXXX").string();
    const int descriptor = mkostemp(name.data(), O_CLOEXEC);
    int error = descriptor < 0 ? errno : 0;
    if (error == 0) {
        unlink(name.c_str());
        error = reserve_disk_space(descriptor, static_cast<off_t>(size));
    }
    if (error == 0) {
        address = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        error = address == MAP_FAILED ? errno : 0;
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    if (error != 0) {
        throw IoError(ErrorCode::io, "cannot use " + std::to_string(size) + " bytes in '" +
                                         folder.string() +
                                         "': " + std::generic_category().message(error));
    }
    remember_mapping(address, size);
    data_ = std::shared_ptr<char>(static_cast<char*>(address),
                                  [size](char* mapped) { unmap(mapped, size); });
}

void* allocate_aligned(std::size_t alignment, std::size_t bytes) {
    void* memory = nullptr;
    if (posix_memalign(&memory, alignment, bytes) != 0) {
        throw std::bad_alloc();
    }
    return memory;
}

void free_aligned(void* memory) noexcept {
    std::free(memory);
}

}  // namespace speciesnet
