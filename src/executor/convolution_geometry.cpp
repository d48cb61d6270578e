// SPDX-License-Identifier: Apache-2.0
// Computes the sizes of outputs, and the input pixels of output pixels.
#include "executor/convolution_geometry.hpp"

#include "speciesnet/error.hpp"

namespace speciesnet::executor {

PictureSize ConvolutionGeometry::output_size(const PictureSize& input, std::size_t channels) const {
    const std::size_t height = input.height + pad_top + pad_bottom;
    const std::size_t width = input.width + pad_left + pad_right;
    const std::size_t reach_height = (kernel_height - 1) * dilation_height + 1;
    const std::size_t reach_width = (kernel_width - 1) * dilation_width + 1;
    if (height < reach_height || width < reach_width) {
        throw InvalidArgument("the feature map is smaller than the kernel of a convolution");
    }
    return {.images = input.images,
            .height = (height - reach_height) / stride_height + 1,
            .width = (width - reach_width) / stride_width + 1,
            .channels = channels,
            .element = input.element};
}

PictureSize checked_output_size(const ConvolutionGeometry& geometry,
                                std::span<const PictureSize> inputs, std::size_t input_channels,
                                std::size_t output_channels, Element element) {
    auto output = geometry.output_size(inputs[0], output_channels);
    output.element = element;
    if (inputs[0].channels != input_channels || (inputs.size() > 1 && inputs[1] != output)) {
        throw InvalidArgument("the sizes of a convolution and its residual differ");
    }
    return output;
}

void gather_rows(const ConvolutionGeometry& geometry, const ConstPicture& input,
                 const PictureSize& output, std::span<const std::size_t> pixels, const float* zeros,
                 const float** rows) {
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        const std::size_t column = pixels[i] % output.width;
        const std::size_t row = pixels[i] / output.width % output.height;
        const float* const image =
            input.data + pixels[i] / (output.width * output.height) * input.image_stride;
        const float** to = rows + i;
        for (std::size_t y = 0; y < geometry.kernel_height; ++y) {
            // Positions before the feature map wrap around to very large values.
            const std::size_t input_row =
                row * geometry.stride_height + y * geometry.dilation_height - geometry.pad_top;
            for (std::size_t x = 0; x < geometry.kernel_width; ++x, to += pixels.size()) {
                const std::size_t input_column = column * geometry.stride_width +
                                                 x * geometry.dilation_width - geometry.pad_left;
                *to = input_row < input.size.height && input_column < input.size.width
                          ? image + input_row * input.row_stride + input_column * input.pixel_stride
                          : zeros;
            }
        }
    }
}

}  // namespace speciesnet::executor
