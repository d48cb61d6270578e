// SPDX-License-Identifier: Apache-2.0
// Memory from the operating system: mapped files, temporary files used as memory, pages.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace speciesnet {

/// The content of a file. Unmapped when the last copy of `owner` is destroyed.
struct MappedFile {
    std::string_view content;
    std::shared_ptr<const void> owner;
};

/// Maps a regular file.
/// @throws IoError not_found if it does not exist; io otherwise (no permission, a folder, a device)
MappedFile map_file(const std::filesystem::path& path);

/// Releases the memory of a part of a mapped file. Reading it again loads it again.
void release_pages(std::string_view content) noexcept;

/// Memory for data that is too large for RAM and is soon written elsewhere: an unnamed file, mapped
/// for reading and writing, initially zero. It is removed with this object, or when the process
/// ends.
class ScratchFile {
public:
    /// @param folder on a file system with enough space
    /// @throws IoError
    ScratchFile(const std::filesystem::path& folder, std::size_t size);
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;

    char* data() noexcept { return data_.get(); }
    std::string_view content() const noexcept { return {data_.get(), size_}; }

private:
    std::shared_ptr<char> data_;  ///< Unmaps the file, which removes it.
    std::size_t size_;
};

/// Returns the pages that lie completely within a range of memory.
/// @param page size of a page in bytes, a power of two
/// @return empty if there is no such page
inline std::span<std::byte> whole_pages(void* memory, std::size_t bytes, std::size_t page) {
    if (std::align(page, page, memory, bytes) == nullptr) {
        return {};
    }
    return {static_cast<std::byte*>(memory), bytes / page * page};
}

/// Size of a huge page. Fewer pages mean fewer page faults and address translations.
inline constexpr std::size_t huge_page = std::size_t{2} << 20U;  ///< Bytes.

/// Requests huge pages for the parts of the memory where they fit. This is only advice: nothing
/// changes on systems without them.
void advise_huge_pages(void* memory, std::size_t bytes) noexcept;

/// Allocates memory aligned to a power of two. @throws std::bad_alloc
void* allocate_aligned(std::size_t alignment, std::size_t bytes);
/// @param memory from allocate_aligned(), or null
void free_aligned(void* memory) noexcept;

/// Returns freed memory from the allocator to the system, if the C library can. It takes some
/// milliseconds, which is worthwhile after hundreds of megabytes have been freed in small pieces.
void return_free_memory() noexcept;

}  // namespace speciesnet
