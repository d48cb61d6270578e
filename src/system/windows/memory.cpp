// SPDX-License-Identifier: Apache-2.0
#include "system/memory.hpp"

#include "speciesnet/error.hpp"

#include "system/file_operations.hpp"
#include "system/files.hpp"
#include "system/windows/win32.hpp"

#include <cstdint>
#include <new>
#include <random>
#include <string>

#include <malloc.h>

namespace speciesnet {
namespace {

/// @return null if the system has no room
void* map(NativeFile file, std::size_t size, DWORD protection, DWORD access) {
    HANDLE const mapping = CreateFileMappingW(reinterpret_cast<HANDLE>(file), nullptr, protection,
                                              static_cast<DWORD>(std::uint64_t{size} >> 32U),
                                              static_cast<DWORD>(size & 0xFFFFFFFFU), nullptr);
    if (mapping == nullptr) {
        return nullptr;
    }
    void* const address = MapViewOfFile(mapping, access, 0, 0, size);
    const auto error = GetLastError();
    // The view keeps the mapping.
    CloseHandle(mapping);
    SetLastError(error);
    return address;
}

}  // namespace

// Windows refuses to shorten, replace or remove a file that is mapped.
MappedFile map_file(const std::filesystem::path& path) {
    const RegularFile file(path);
    const auto size = static_cast<std::size_t>(file.size());
    if (size == 0) {
        return {};
    }
    void* const address = map(file.native(), size, PAGE_READONLY, FILE_MAP_READ);
    if (address == nullptr) {
        fail_with_file("cannot map", path, last_error());
    }
    const std::shared_ptr<const void> owner(address, [](void* mapped) { UnmapViewOfFile(mapped); });
    return {{static_cast<const char*>(address), size}, owner};
}

// VirtualUnlock() of pages that are not locked takes them out of the process's working set and
// keeps their content, whatever memory it is.
void release_pages(std::string_view content) noexcept {
    SYSTEM_INFO system{};
    GetSystemInfo(&system);
    const auto pages =
        whole_pages(const_cast<char*>(content.data()), content.size(), system.dwPageSize);
    if (!pages.empty()) {
        VirtualUnlock(pages.data(), pages.size());
    }
}

// The mapping gives the file its size: a full disk is an error here, and not a fault later.
ScratchFile::ScratchFile(const std::filesystem::path& folder, std::size_t size) : size_(size) {
    if (size == 0) {
        return;
    }
    const auto name = folder / (L".scratch-" + std::to_wstring(std::random_device()()));
    HANDLE const file =
        CreateFileW(native_path(name).c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, CREATE_NEW,
                    FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, nullptr);
    void* const address = file == INVALID_HANDLE_VALUE
                              ? nullptr
                              : map(reinterpret_cast<NativeFile>(file), size, PAGE_READWRITE,
                                    FILE_MAP_READ | FILE_MAP_WRITE);
    if (address == nullptr) {
        const auto error = last_error();
        if (file != INVALID_HANDLE_VALUE) {
            CloseHandle(file);
        }
        fail_with_file("cannot use " + std::to_string(size) + " bytes in", folder, error);
    }
    data_ = std::shared_ptr<char>(static_cast<char*>(address), [file](char* mapped) {
        UnmapViewOfFile(mapped);
        CloseHandle(file);
    });
}

// Large pages need a privilege that users do not have.
void advise_huge_pages(void* /*memory*/, std::size_t /*bytes*/) noexcept {}

// Windows' heaps give back what is free.
void return_free_memory() noexcept {}

void* allocate_aligned(std::size_t alignment, std::size_t bytes) {
    void* const memory = _aligned_malloc(bytes, alignment);
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    return memory;
}

void free_aligned(void* memory) noexcept {
    _aligned_free(memory);
}

}  // namespace speciesnet
