// SPDX-License-Identifier: Apache-2.0
// Reads integers in either byte order. The caller checks the bounds.
#pragma once

#include "format.hpp"

#include <cstddef>
#include <cstdint>

namespace speciesnet {

enum class ByteOrder : std::uint8_t { little, big };

/// Returns the unsigned integer in `bytes`, of which there are at most eight.
inline std::uint64_t read_unsigned(Bytes bytes, ByteOrder order) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::size_t from = order == ByteOrder::big ? i : bytes.size() - 1 - i;
        value = value << 8 | std::to_integer<std::uint64_t>(bytes[from]);
    }
    return value;
}

inline std::uint16_t read_u16(Bytes bytes, std::size_t offset, ByteOrder order) {
    return static_cast<std::uint16_t>(read_unsigned(bytes.subspan(offset, 2), order));
}

inline std::uint32_t read_u32(Bytes bytes, std::size_t offset, ByteOrder order) {
    return static_cast<std::uint32_t>(read_unsigned(bytes.subspan(offset, 4), order));
}

}  // namespace speciesnet
