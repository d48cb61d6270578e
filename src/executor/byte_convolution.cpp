// SPDX-License-Identifier: Apache-2.0
#include "executor/byte_convolution.hpp"

#include "executor/direct_convolution.hpp"
#include "executor/matrix_convolution.hpp"

namespace speciesnet::executor {
namespace {

using Weights = std::variant<PackedWeights, MatrixWeights>;

/// @param weights the weights, or the record that contains them
template <typename Source>
Weights weights_for(const Kernels& kernels, const ConvolutionGeometry& geometry, Source& weights,
                    std::size_t outputs, std::size_t inputs) {
    if (kernels.int8->multiplies_matrices) {
        return MatrixWeights(Element::byte, weights, geometry, outputs, inputs);
    }
    return PackedWeights(kernels.width, kernels.int8->tiles, weights, outputs,
                         floats_of(Element::byte, inputs), geometry.taps());
}

/// Quantises a feature map, on all threads, into the operation's working memory.
ConstPicture quantised(const Execution& execution, const ConstPicture& input,
                       const ByteScaleTable& scales) {
    auto size = input.size;
    size.element = Element::byte;
    const bool is_framed = has_frames(execution.kernels, size.element);
    execution.converted.reserve(picture_floats(size, size.floats(), is_framed));
    const auto output = picture(execution.converted.data(), size, size.floats(), is_framed);
    if (is_framed) {
        fill_frame(output, scales.zero_pixel().data());
    }
    execution.pool.run(size.images * size.height, [&](std::size_t line, std::size_t) {
        const std::size_t image = line / size.height;
        const std::size_t row = line % size.height;
        for (std::size_t column = 0; column < size.width; ++column) {
            execution.kernels.int8->quantize(input.pixel(image, row, column), size.channels,
                                             scales.scales(), output.pixel(image, row, column));
        }
    });
    return read_only(output);
}

}  // namespace

ByteConvolution::ByteConvolution(const Kernels& kernels, const ConvolutionGeometry& geometry,
                                 std::span<const float> fours, std::size_t outputs,
                                 std::size_t inputs)
    : weights_(weights_for(kernels, geometry, fours, outputs, inputs)) {}

ByteConvolution::ByteConvolution(const Kernels& kernels, RecordReader& record,
                                 const ConvolutionGeometry& geometry, std::size_t outputs,
                                 std::size_t inputs)
    : weights_(weights_for(kernels, geometry, record, outputs, inputs)) {}

const Numbers& ByteConvolution::numbers() const noexcept {
    const auto* const packed = std::get_if<PackedWeights>(&weights_);
    return packed != nullptr ? packed->numbers() : std::get_if<MatrixWeights>(&weights_)->numbers();
}

void ByteConvolution::run(const Execution& execution, const ByteTask& task) const {
    const bool is_quantised = task.input.size.element == Element::byte;
    const auto input =
        is_quantised ? task.input : quantised(execution, task.input, task.input_scales);
    std::visit([&](const auto& weights) { multiply(execution, task, input, weights); }, weights_);
}

void ByteConvolution::multiply(const Execution& execution, const ByteTask& task,
                               const ConstPicture& input, const PackedWeights& weights) {
    const ConvolutionTask convolution{.geometry = task.geometry,
                                      .weights = weights,
                                      .bias = nullptr,
                                      .scale = task.scale,
                                      .shift = task.shift,
                                      .activation = task.activation,
                                      .input = input,
                                      .residual = task.residual,
                                      .output = task.output};
    DirectConvolution(execution.kernels, execution.kernels.int8->convolve,
                      task.input_scales.zero_pixel(), convolution)
        .run(execution.pool);
}

void ByteConvolution::multiply(const Execution& execution, const ByteTask& task,
                               const ConstPicture& input, const MatrixWeights& weights) {
    const MatrixTask product{.geometry = task.geometry,
                             .weights = weights,
                             .multiply = execution.kernels.int8->multiply,
                             .zero = task.input_scales.zero_pixel().data(),
                             .scale = task.scale,
                             .bias = task.shift,
                             .activation = task.activation,
                             .input = input,
                             .residual = task.residual,
                             .output = task.output};
    MatrixConvolution(execution, product).run();
}

}  // namespace speciesnet::executor
