// SPDX-License-Identifier: Apache-2.0
// Folds linear operations that follow a convolution into its weights and bias.
#include "lowering/unpacked_convolution.hpp"

#include "lowering/refusal.hpp"
#include "lowering/weights.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace speciesnet::lowering {
namespace {

std::vector<float> bias_of(const std::optional<graph::Weight>& bias, std::size_t outputs) {
    if (!bias) {
        return std::vector<float>(outputs);
    }
    auto numbers = floats_of(bias->tensor);
    if (numbers.size() != outputs) {
        refuse("has a bias and weights of different sizes");
    }
    return numbers;
}

std::vector<double> numbers_of(const TensorView& tensor, std::size_t count) {
    const auto numbers = floats_of(tensor);
    if (numbers.size() != count) {
        refuse("has a different number of channels than its input");
    }
    return {numbers.begin(), numbers.end()};
}

std::vector<double> numbers_of(const std::optional<graph::Weight>& weight, std::size_t count,
                               double otherwise) {
    return weight ? numbers_of(weight->tensor, count) : std::vector<double>(count, otherwise);
}

/// Returns the same convolution without groups, with zero weights where an output does not use an
/// input. The heads of YOLOv9 have such convolutions, which take little time.
TensorView without_groups(const TensorView& weights, std::int64_t groups) {
    constexpr std::int64_t most_groups = 8;
    if (groups < 1 || groups > most_groups || weights.shape[0] % groups != 0) {
        refuse("is a convolution of " + std::to_string(groups) +
               " groups of channels; the executor has those of up to " +
               std::to_string(most_groups) + " groups, and of one channel per group");
    }
    const auto grouped = floats_of(weights);
    auto shape = weights.shape;
    shape[1] *= groups;
    const auto outputs = static_cast<std::size_t>(shape[0]);
    const std::size_t kernel = grouped.size() / outputs;  // The weights of all inputs of a group.
    std::vector<float> whole(grouped.size() * static_cast<std::size_t>(groups));
    for (std::size_t output = 0; output < outputs; ++output) {
        const std::size_t group = output / (outputs / static_cast<std::size_t>(groups));
        std::copy_n(
            grouped.data() + output * kernel, kernel,
            whole.data() + output * kernel * static_cast<std::size_t>(groups) + group * kernel);
    }
    return tensor_of(std::move(whole), std::move(shape));
}

}  // namespace

std::size_t UnpackedConvolution::weight_count() const {
    std::size_t count = 1;
    for (const auto size : weights.shape) {
        count *= static_cast<std::size_t>(size);
    }
    return count;
}

void UnpackedConvolution::check_sizes() const {
    executor::OperationRecord record;
    executor::record_geometry(geometry, record);
    for (const auto size : record.sizes) {
        if (size > executor::most_geometry) {
            refuse("has a kernel, stride, padding or dilation that is out of range");
        }
    }
    if (inputs() > executor::most_channels || outputs() > executor::most_channels) {
        refuse("has too many channels");
    }
}

void UnpackedConvolution::add_padding(const Padding& padding) {
    geometry.pad_left += padding.left;
    geometry.pad_right += padding.right;
    geometry.pad_top += padding.top;
    geometry.pad_bottom += padding.bottom;
}

void UnpackedConvolution::fold(const graph::BatchNorm& norm) {
    // Computes in double precision and rounds once: an error of a factor would shift a whole
    // channel.
    const auto scale = numbers_of(norm.scale, outputs(), 1);
    const auto shift = numbers_of(norm.shift, outputs(), 0);
    const auto mean = numbers_of(norm.mean.tensor, outputs());
    const auto variance = numbers_of(norm.variance.tensor, outputs());
    Factors factor{std::vector<double>(outputs())};
    for (std::size_t i = 0; i < outputs(); ++i) {
        factor.numbers[i] = scale[i] * (1 / std::sqrt(variance[i] + norm.epsilon));
        bias[i] = static_cast<float>((bias[i] - mean[i]) * factor.numbers[i] + shift[i]);
    }
    factors.push_back(std::move(factor));
}

void UnpackedConvolution::fold(graph::Arithmetic::Kind kind, std::span<const float> operands) {
    using Kind = graph::Arithmetic::Kind;
    const auto change_bias = [&](auto operation) {
        std::transform(bias.begin(), bias.end(), operands.begin(), bias.begin(), operation);
    };
    switch (kind) {
        case Kind::add:
            change_bias(std::plus<>());
            return;
        case Kind::subtract:
            change_bias(std::minus<>());
            return;
        case Kind::multiply:
            change_bias(std::multiplies<>());
            break;
        case Kind::divide:
            change_bias(std::divides<>());
            break;
    }
    factors.push_back({{operands.begin(), operands.end()}, kind == Kind::divide});
}

UnpackedConvolution read(const graph::Convolution& convolution) {
    const auto& weights = convolution.weights.tensor;
    checked_count(weights);
    if (weights.shape.size() != 4) {
        refuse("is a convolution over axes other than rows and columns");
    }
    const auto outputs = static_cast<std::size_t>(weights.shape[0]);
    UnpackedConvolution unpacked{.weights = weights,
                                 .stored = weights.bytes,
                                 .factors = {},
                                 .bias = bias_of(convolution.bias, outputs),
                                 .geometry = {}};
    if (convolution.groups != 1) {
        unpacked.is_depthwise = convolution.groups == weights.shape[0] && weights.shape[1] == 1;
        if (!unpacked.is_depthwise) {
            unpacked.weights = without_groups(weights, convolution.groups);
        }
    }
    unpacked.geometry = {.kernel_height = checked_geometry(weights.shape[2], 1),
                         .kernel_width = checked_geometry(weights.shape[3], 1),
                         .stride_height = checked_geometry(convolution.stride.rows, 1),
                         .stride_width = checked_geometry(convolution.stride.columns, 1),
                         .pad_top = checked_geometry(convolution.padding.rows, 0),
                         .pad_left = checked_geometry(convolution.padding.columns, 0),
                         .pad_bottom = checked_geometry(convolution.padding.rows, 0),
                         .pad_right = checked_geometry(convolution.padding.columns, 0),
                         .dilation_height = checked_geometry(convolution.dilation.rows, 1),
                         .dilation_width = checked_geometry(convolution.dilation.columns, 1)};
    return unpacked;
}

UnpackedConvolution read(const graph::Linear& linear) {
    auto weights = linear.weights.tensor;
    checked_count(weights);
    if (weights.shape.size() != 2) {
        refuse("has weights that are not a matrix");
    }
    const auto outputs = static_cast<std::size_t>(weights.shape[0]);
    weights.shape.insert(weights.shape.end(), {1, 1});
    weights.strides.insert(weights.strides.end(), {1, 1});
    return {.weights = std::move(weights),
            .stored = linear.weights.tensor.bytes,
            .factors = {},
            .bias = bias_of(linear.bias, outputs),
            .geometry = {}};
}

UnpackedConvolution read_matrix(const TensorView& matrix) {
    graph::Linear linear{.weights = {.name = {}, .tensor = matrix}, .bias = {}};
    auto& [type, shape, strides, bytes, owner] = linear.weights.tensor;
    std::reverse(shape.begin(), shape.end());
    std::reverse(strides.begin(), strides.end());
    return read(linear);
}

UnpackedConvolution channel_factors(std::vector<float> factors) {
    const auto channels = factors.size();
    return {
        .weights = tensor_of(std::move(factors), {static_cast<std::int64_t>(channels), 1, 1, 1}),
        .stored = {},
        .factors = {},
        .bias = std::vector<float>(channels),
        .geometry = {},
        .is_depthwise = true};
}

void expand_cells(UnpackedConvolution& convolution, std::span<const Cell> cells) {
    auto& geometry = convolution.geometry;
    if (convolution.is_depthwise || geometry.is_dilated() ||
        convolution.inputs() % cells.size() != 0) {
        refuse(
            "takes every second pixel of the network's input in a way that the executor does not "
            "support");
    }
    const auto old = floats_of(convolution.weights);
    const std::size_t channels = convolution.inputs() / cells.size();
    const std::size_t rows = geometry.kernel_height;
    const std::size_t columns = geometry.kernel_width;
    std::vector<float> weights(old.size());
    const float* from = old.data();
    for (std::size_t output = 0; output < convolution.outputs(); ++output) {
        for (const auto& cell : cells) {
            for (std::size_t channel = 0; channel < channels; ++channel) {
                float* const kernel =
                    weights.data() + (output * channels + channel) * rows * columns * 4;
                for (std::size_t row = 0; row < rows; ++row) {
                    for (std::size_t column = 0; column < columns; ++column) {
                        kernel[(2 * row + cell.row) * 2 * columns + 2 * column + cell.column] =
                            *from++;
                    }
                }
            }
        }
    }
    convolution.weights = tensor_of(
        std::move(weights),
        {static_cast<std::int64_t>(convolution.outputs()), static_cast<std::int64_t>(channels),
         static_cast<std::int64_t>(2 * rows), static_cast<std::int64_t>(2 * columns)});
    for (auto* const size : {&geometry.kernel_height, &geometry.kernel_width,
                             &geometry.stride_height, &geometry.stride_width, &geometry.pad_top,
                             &geometry.pad_left, &geometry.pad_bottom, &geometry.pad_right}) {
        *size *= 2;
    }
}

executor::ConvolutionGeometry merge_columns(UnpackedConvolution& convolution) {
    auto& geometry = convolution.geometry;
    const auto whole = geometry;
    const auto old = floats_of(convolution.weights);
    const std::size_t channels = convolution.inputs();
    const std::size_t rows = geometry.kernel_height;
    const std::size_t columns = geometry.kernel_width;
    std::vector<float> weights(old.size());
    const float* from = old.data();
    for (std::size_t output = 0; output < convolution.outputs(); ++output) {
        for (std::size_t channel = 0; channel < channels; ++channel) {
            for (std::size_t row = 0; row < rows; ++row) {
                for (std::size_t column = 0; column < columns; ++column) {
                    weights[((output * columns + column) * channels + channel) * rows + row] =
                        *from++;
                }
            }
        }
    }
    convolution.weights =
        tensor_of(std::move(weights), {static_cast<std::int64_t>(convolution.outputs()),
                                       static_cast<std::int64_t>(columns * channels),
                                       static_cast<std::int64_t>(rows), 1});
    geometry = {.kernel_height = rows,
                .stride_height = whole.stride_height,
                .stride_width = whole.stride_width};
    return whole;
}

}  // namespace speciesnet::lowering
