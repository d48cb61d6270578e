// SPDX-License-Identifier: Apache-2.0
// Groups values of fewer than 32 bits, which occupy the space of one float. Kernels, packing and
// feature maps move a group as if it were a float, and never compute with it as one.
#pragma once

#include "executor/operation.hpp"

#include <cstddef>

namespace speciesnet::executor {

inline std::size_t group_count(std::size_t channels, std::size_t group) {
    return (channels + group - 1) / group;
}

/// Converts a feature map, on all threads, into the operation's working memory.
/// @param group   number of channels that share a float
/// @param convert (pixel, channels, groups): writes one pixel
template <typename Convert>
ConstPicture grouped(const Execution& execution, const ConstPicture& input, std::size_t group,
                     const Convert& convert) {
    auto size = input.size;
    size.channels = group_count(input.size.channels, group);
    execution.shared.reserve(size.pixels() * size.channels);
    const auto output = picture(execution.shared.data(), size, size.channels);
    execution.pool.run(size.images * size.height, [&](std::size_t line, std::size_t) {
        for (std::size_t column = 0; column < size.width; ++column) {
            const std::size_t image = line / size.height;
            const std::size_t row = line % size.height;
            convert(input.pixel(image, row, column), input.size.channels,
                    output.pixel(image, row, column));
        }
    });
    return read_only(output);
}

}  // namespace speciesnet::executor
