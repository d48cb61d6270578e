// SPDX-License-Identifier: Apache-2.0
// Defines feature maps, [image][row][column][channel].
#pragma once

#include "executor/byte_scales.hpp"
#include "executor/element.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace speciesnet::executor {

struct PictureSize {
    std::size_t images = 1;
    std::size_t height = 1;
    std::size_t width = 1;
    std::size_t channels = 1;
    Element element = Element::float32;

    /// Floats of a contiguous pixel.
    std::size_t floats() const noexcept { return floats_of(element, channels); }
    std::size_t pixels() const noexcept { return images * height * width; }
    bool operator==(const PictureSize&) const = default;
};

/// A view of a feature map, or of some of its channels, in memory owned elsewhere.
template <typename Number>
struct BasicPicture {
    Number* data = nullptr;
    PictureSize size;
    std::size_t pixel_stride = 0;  ///< Between pixels of a row, in floats.
    std::size_t row_stride = 0;
    std::size_t image_stride = 0;
    ByteScales scales = {};  ///< Set if the elements are bytes.

    Number* pixel(std::size_t image, std::size_t row, std::size_t column) const noexcept {
        return data + image * image_stride + row * row_stride + column * pixel_stride;
    }
};

using Picture = BasicPicture<float>;
using ConstPicture = BasicPicture<const float>;

/// Returns the floats of a feature map and its frame, if it has one, which may be more than a
/// 32-bit process can address.
inline std::uint64_t picture_floats(const PictureSize& size, std::uint64_t pixel_stride,
                                    bool is_framed) {
    const std::uint64_t rows = std::uint64_t{size.images} * size.height;
    return (rows * size.width + (is_framed ? 1 + rows : 0)) * pixel_stride;
}

/// Returns a view with contiguous rows, the layout of all feature maps except a network's padded
/// input. A framed feature map has a zero pixel before its first row and after each row, so that
/// the pixels under a kernel of width three have the same stride everywhere.
/// @param data picture_floats(size, pixel_stride, is_framed) floats
template <typename Number>
BasicPicture<Number> picture(Number* data, const PictureSize& size, std::size_t pixel_stride,
                             bool is_framed = false) {
    const std::size_t frame = is_framed ? 1 : 0;
    const std::size_t row_stride = (size.width + frame) * pixel_stride;
    return {data + frame * pixel_stride, size, pixel_stride, row_stride, size.height * row_stride};
}

/// Writes the frame of a feature map, or of some of its channels: others of the same memory may be
/// in use.
/// @param zero a pixel of zeros: picture.size.floats() floats
inline void fill_frame(const Picture& picture, const float* zero) {
    const std::size_t floats = picture.size.floats();
    std::copy_n(zero, floats, picture.data - picture.pixel_stride);
    for (std::size_t image = 0; image < picture.size.images; ++image) {
        for (std::size_t row = 0; row < picture.size.height; ++row) {
            std::copy_n(zero, floats, picture.pixel(image, row, picture.size.width));
        }
    }
}

inline ConstPicture read_only(const Picture& picture) {
    return {picture.data,       picture.size,         picture.pixel_stride,
            picture.row_stride, picture.image_stride, picture.scales};
}

}  // namespace speciesnet::executor
