// SPDX-License-Identifier: Apache-2.0
// Defines which input pixels contribute to an output pixel.
#pragma once

#include "executor/picture.hpp"

#include <cstddef>
#include <span>

namespace speciesnet::executor {

/// Kernel, stride, padding and dilation.
struct ConvolutionGeometry {
    std::size_t kernel_height = 1;
    std::size_t kernel_width = 1;
    std::size_t stride_height = 1;
    std::size_t stride_width = 1;
    std::size_t pad_top = 0;
    std::size_t pad_left = 0;
    std::size_t pad_bottom = 0;
    std::size_t pad_right = 0;
    std::size_t dilation_height = 1;  ///< Distance of two taps in rows.
    std::size_t dilation_width = 1;

    std::size_t taps() const noexcept { return kernel_height * kernel_width; }
    bool is_padded() const noexcept { return (pad_top | pad_left | pad_bottom | pad_right) != 0; }
    bool is_dilated() const noexcept { return dilation_height != 1 || dilation_width != 1; }

    /// @throws InvalidArgument if the kernel is larger than the padded feature map
    PictureSize output_size(const PictureSize& input, std::size_t channels) const;

    bool operator==(const ConvolutionGeometry&) const = default;
};

/// Returns the size of a convolution's output.
/// @param inputs  the feature map, and the optional residual
/// @param element element type of the output
/// @throws InvalidArgument if an input does not fit
PictureSize checked_output_size(const ConvolutionGeometry& geometry,
                                std::span<const PictureSize> inputs, std::size_t input_channels,
                                std::size_t output_channels, Element element);

/// Finds, for each tap of the kernel and each of the `pixels.size()` output pixels, the input
/// pixel; `zeros` for those in the padding.
/// @param pixels indices of output pixels
/// @param rows   [taps][pixels.size()]
void gather_rows(const ConvolutionGeometry& geometry, const ConstPicture& input,
                 const PictureSize& output, std::span<const std::size_t> pixels, const float* zeros,
                 const float** rows);

}  // namespace speciesnet::executor
