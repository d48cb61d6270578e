// SPDX-License-Identifier: Apache-2.0
// In plans, channels are the last axis; in networks, often the second.
#include "network/plan_borders.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace speciesnet {

executor::PictureSize input_size(std::span<const std::int64_t> shape, bool channels_first) {
    if (shape.size() != 4) {
        throw InvalidArgument("the network's input does not have four axes");
    }
    const auto size = [&](std::size_t axis) { return static_cast<std::size_t>(shape[axis]); };
    return {.images = size(0),
            .height = size(channels_first ? 2 : 1),
            .width = size(channels_first ? 3 : 2),
            .channels = size(channels_first ? 1 : 3)};
}

FloatArray array_of(const executor::InputPictures& pictures, bool channels_first) {
    const auto& size = pictures.size;
    const auto images = static_cast<std::int64_t>(size.images);
    const auto rows = static_cast<std::int64_t>(size.height);
    const auto columns = static_cast<std::int64_t>(size.width);
    const auto channels = static_cast<std::int64_t>(size.channels);
    FloatArray array{.shape = channels_first ? std::vector{images, channels, rows, columns}
                                             : std::vector{images, rows, columns, channels},
                     .values = {}};
    const std::size_t row_size = size.width * size.channels;
    std::vector<float> pixels(size.images * size.height * row_size);
    for (std::size_t image = 0; image < size.images; ++image) {
        for (std::size_t row = 0; row < size.height; ++row) {
            pictures.write_row(image, row, pixels.data() + (image * size.height + row) * row_size);
        }
    }
    if (!channels_first) {
        array.values = std::move(pixels);
        return array;
    }
    array.values.resize(pixels.size());
    copy_in_order(executor::picture<const float>(pixels.data(), size, size.channels),
                  executor::Axes::picture, array.values.data());
    return array;
}

std::vector<std::int64_t> shape_of(const executor::PictureSize& size, executor::Axes axes) {
    const auto images = static_cast<std::int64_t>(size.images);
    const auto channels = static_cast<std::int64_t>(size.channels);
    const auto rows = static_cast<std::int64_t>(size.height);
    const auto columns = static_cast<std::int64_t>(size.width);
    if (axes == executor::Axes::picture) {
        return {images, channels, rows, columns};
    }
    if (rows != 1 || (axes == executor::Axes::channels && columns != 1)) {
        throw InvalidArgument("the output of a network has an unexpected shape");
    }
    return axes == executor::Axes::channels ? std::vector{images, channels}
                                            : std::vector{images, columns, channels};
}

void copy_in_order(const executor::ConstPicture& picture, executor::Axes axes, float* numbers) {
    const auto& size = picture.size;
    for (std::size_t image = 0; image < size.images; ++image) {
        if (axes != executor::Axes::picture) {
            for (std::size_t column = 0; column < size.width; ++column) {
                numbers = std::copy_n(picture.pixel(image, 0, column), size.channels, numbers);
            }
            continue;
        }
        for (std::size_t channel = 0; channel < size.channels; ++channel) {
            for (std::size_t row = 0; row < size.height; ++row) {
                const float* from = picture.pixel(image, row, 0) + channel;
                for (std::size_t column = 0; column < size.width; ++column) {
                    *numbers++ = *from;
                    from += picture.pixel_stride;
                }
            }
        }
    }
}

}  // namespace speciesnet
