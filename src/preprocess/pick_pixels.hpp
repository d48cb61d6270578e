// SPDX-License-Identifier: Apache-2.0
// The first step of both scalers: gathers the source pixels of each output pixel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace speciesnet {

/// Bytes per pixel: R, G, B.
inline constexpr int rgb_channels = 3;

/// Copies the pixels at `columns` (ascending) of a row of `width` pixels to a contiguous range, so
/// that the following arithmetic can be vectorised. Copies four bytes at a time if the fourth byte
/// exists on both sides: the next pixel overwrites it.
inline void pick_pixels(const std::uint8_t* row, int width, std::span<const int> columns,
                        std::uint8_t* picked) {
    const auto pixel = [&](std::size_t i) {
        return row + static_cast<std::ptrdiff_t>(columns[i]) * rgb_channels;
    };
    std::size_t i = 0;
    for (; i + 1 < columns.size() && columns[i] + 1 < width; ++i, picked += rgb_channels) {
        std::memcpy(picked, pixel(i), 4);
    }
    for (; i < columns.size(); ++i, picked += rgb_channels) {
        std::memcpy(picked, pixel(i), rgb_channels);
    }
}

}  // namespace speciesnet
