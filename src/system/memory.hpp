// SPDX-License-Identifier: Apache-2.0
// Memory of the operating system: mapped files, temporary files as memory, pages.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace speciesnet {

/// The content of a file. Unmapped when the last copy of `owner` goes.
struct MappedFile {
    std::string_view content;
    std::shared_ptr<const void> owner;
};

/// Maps a regular file.
/// @throws IoError not_found if it does not exist, io for anything else (no permission, a folder, a
/// device)
MappedFile map_file(const std::filesystem::path& path);

/// Gives back the memory of a part of a mapped file that is not needed for now. Reading it again
/// fetches it again.
void release_pages(std::string_view content) noexcept;

/// Memory for data that is too large to hold and is soon written elsewhere.
/// A file without a name, mapped for reading and writing, full of zeros at first; gone with this
/// object, or with the process.
class ScratchFile {
public:
    /// @param folder where there is room for it
    /// @throws IoError
    ScratchFile(const std::filesystem::path& folder, std::size_t size);
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;

    char* data() noexcept { return data_.get(); }
    std::string_view content() const noexcept { return {data_.get(), size_}; }

private:
    std::shared_ptr<char> data_;  ///< Unmaps it, and the file goes.
    std::size_t size_;
};

/// The whole pages within a range of memory.
/// @param page size of a page in bytes, a power of two
/// @return empty if no page lies in it as a whole
inline std::span<std::byte> whole_pages(void* memory, std::size_t bytes, std::size_t page) {
    if (std::align(page, page, memory, bytes) == nullptr) {
        return {};
    }
    return {static_cast<std::byte*>(memory), bytes / page * page};
}

/// A larger page. Each page costs a fault when it is first touched and an address translation
/// later.
inline constexpr std::size_t huge_page = std::size_t{2} << 20U;  ///< Bytes.

/// Requests huge pages where they fit completely into the memory. Only advice: nothing
/// changes where there are none.
void advise_huge_pages(void* memory, std::size_t bytes) noexcept;

/// Memory that begins at a multiple of a power of two. @throws std::bad_alloc
void* allocate_aligned(std::size_t alignment, std::size_t bytes);
/// @param memory of allocate_aligned(), or null
void free_aligned(void* memory) noexcept;

/// Returns freed memory from the allocator to the system, where the C library can. Worth its time,
/// some milliseconds, after hundreds of megabytes have been freed in pieces.
void return_free_memory() noexcept;

}  // namespace speciesnet
