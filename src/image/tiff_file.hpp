// SPDX-License-Identifier: Apache-2.0
// A TIFF file in memory, opened by libtiff without messages on stderr, without changing handlers of
// the process, and with limited allocations.
#pragma once

#include "format.hpp"

#include <cstdarg>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <tiffio.h>

namespace speciesnet {

class TiffFile {
public:
    /// Reads the first directory. Throws InvalidImage if it is damaged, has more fields than any
    /// program writes, or fields that lie over each other.
    /// @param bytes          must outlive this object
    /// @param max_allocation largest single piece of memory that libtiff may ask for
    TiffFile(Bytes bytes, std::size_t max_allocation);
    TiffFile(const TiffFile&) = delete;
    TiffFile& operator=(const TiffFile&) = delete;

    TIFF* get() const { return tiff_.get(); }

    /// A field of the directory, or libtiff's default for it, or nothing.
    template <typename T>
    std::optional<T> field(std::uint32_t tag) const {
        T value{};
        return TIFFGetFieldDefaulted(tiff_.get(), tag, &value) == 1 ? std::optional(value)
                                                                    : std::nullopt;
    }

    /// Throws InvalidImage with libtiff's last message; std::bad_alloc if it had no memory.
    [[noreturn]] void refuse() const;

private:
    /// What libtiff's callbacks work on; its address must not change.
    struct Source {
        Bytes bytes;
        std::uint64_t position = 0;
        std::string message = "damaged directory";
        bool over_limit = false;     ///< Whether it asked for more than `max_allocation`.
        bool out_of_memory = false;  ///< Whether it was refused less than that.
    };

    static tmsize_t read(thandle_t handle, void* buffer, tmsize_t size);
    static std::uint64_t seek(thandle_t handle, std::uint64_t offset, int whence);
    static int remember(TIFF*, void* source, const char* module, const char* format,
                        std::va_list arguments);

    std::unique_ptr<Source> source_;
    std::unique_ptr<TIFF, decltype(&TIFFClose)> tiff_;
};

}  // namespace speciesnet
