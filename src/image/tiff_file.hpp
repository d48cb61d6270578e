// SPDX-License-Identifier: Apache-2.0
// Opens a TIFF file in memory with libtiff, without messages on stderr, without changing handlers
// of the process, and with limited allocations.
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
    /// program writes, or has overlapping fields.
    /// @param bytes          must outlive this object
    /// @param max_allocation largest single allocation that libtiff may make
    TiffFile(Bytes bytes, std::size_t max_allocation);
    TiffFile(const TiffFile&) = delete;
    TiffFile& operator=(const TiffFile&) = delete;

    TIFF* get() const { return tiff_.get(); }

    /// Returns a field of the directory, or libtiff's default for it, or nothing.
    template <typename T>
    std::optional<T> field(std::uint32_t tag) const {
        T value{};
        return TIFFGetFieldDefaulted(tiff_.get(), tag, &value) == 1 ? std::optional(value)
                                                                    : std::nullopt;
    }

    /// Throws InvalidImage with libtiff's last message, or std::bad_alloc if an allocation failed.
    [[noreturn]] void refuse() const;

private:
    /// The state of libtiff's callbacks. Its address must not change.
    struct Source {
        Bytes bytes;
        std::uint64_t position = 0;
        std::string message = "damaged directory";
        bool over_limit = false;     ///< Whether libtiff requested more than `max_allocation`.
        bool out_of_memory = false;  ///< Whether a smaller allocation failed.
    };

    static tmsize_t read(thandle_t handle, void* buffer, tmsize_t size);
    static std::uint64_t seek(thandle_t handle, std::uint64_t offset, int whence);
    static int remember(TIFF*, void* source, const char* module, const char* format,
                        std::va_list arguments);

    std::unique_ptr<Source> source_;
    std::unique_ptr<TIFF, decltype(&TIFFClose)> tiff_;
};

}  // namespace speciesnet
