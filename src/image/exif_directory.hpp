// SPDX-License-Identifier: Apache-2.0
// The fields of a TIFF structure, such as an EXIF block, read in order as far as possible.
#pragma once

#include "byte_order.hpp"
#include "format.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace speciesnet {

/// One field of a directory, its bounds checked.
struct ExifField {
    std::uint16_t tag;
    std::uint16_t type;
    Bytes values;  ///< At least one value of `type`.
    ByteOrder order;

    /// The value at `index` of a numeric field; nothing for text, raw bytes and beyond the end.
    std::optional<double> number(std::size_t index = 0) const;
    /// Text up to the first zero byte, without blanks around it; empty if the field is not a
    /// string.
    std::string text() const;
};

/// A TIFF structure in memory.
class ExifBlock {
public:
    /// @param exif perhaps behind "Exif\0\0", once or twice; must outlive this object
    /// @return nothing if it does not begin as a TIFF structure
    static std::optional<ExifBlock> open(Bytes exif);

    /// Calls `visit` for the fields of the directory at `offset` until it returns false. Fields
    /// whose type Pillow does not know are skipped, and the reading ends where the file lies
    /// about its length, as in Pillow.
    void for_each_field(std::size_t offset,
                        const std::function<bool(const ExifField&)>& visit) const;

    /// Where the first directory is.
    std::size_t first_directory() const { return read_u32(bytes_, 4, order_); }

private:
    ExifBlock(Bytes bytes, ByteOrder order) : bytes_(bytes), order_(order) {}

    Bytes bytes_;
    ByteOrder order_;
};

/// Bytes of one value of a TIFF field type; 0 for types that Pillow does not know.
std::size_t tiff_field_bytes(std::uint16_t type);

/// The block without "Exif\0\0" in front of it.
Bytes without_exif_prefix(Bytes exif);

}  // namespace speciesnet
