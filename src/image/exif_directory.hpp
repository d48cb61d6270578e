// SPDX-License-Identifier: Apache-2.0
// Reads the fields of a TIFF structure, such as an EXIF block, in order and as far as possible.
#pragma once

#include "byte_order.hpp"
#include "format.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace speciesnet {

/// One field of a directory, with checked bounds.
struct ExifField {
    std::uint16_t tag;
    std::uint16_t type;
    Bytes values;  ///< At least one value of `type`.
    ByteOrder order;

    /// Returns the value at `index` of a numeric field; nothing for text, raw bytes and beyond the
    /// end.
    std::optional<double> number(std::size_t index = 0) const;
    /// Returns the text up to the first zero byte, trimmed; empty if the field is not a string.
    std::string text() const;
};

/// A TIFF structure in memory.
class ExifBlock {
public:
    /// @param exif possibly after one or two "Exif\0\0"; must outlive this object
    /// @return nothing if it is not a TIFF structure
    static std::optional<ExifBlock> open(Bytes exif);

    /// Calls `visit` for the fields of the directory at `offset` until it returns false. As in
    /// Pillow, fields of unknown types are skipped, and reading ends at a field that extends beyond
    /// the file.
    void for_each_field(std::size_t offset,
                        const std::function<bool(const ExifField&)>& visit) const;

    /// Returns the offset of the first directory.
    std::size_t first_directory() const { return read_u32(bytes_, 4, order_); }

private:
    ExifBlock(Bytes bytes, ByteOrder order) : bytes_(bytes), order_(order) {}

    Bytes bytes_;
    ByteOrder order_;
};

/// Returns the bytes of one value of a TIFF field type; 0 for types that Pillow does not support.
std::size_t tiff_field_bytes(std::uint16_t type);

/// Returns the block without a preceding "Exif\0\0".
Bytes without_exif_prefix(Bytes exif);

}  // namespace speciesnet
