// SPDX-License-Identifier: Apache-2.0
// Divides the rows of the output among the threads.
#include "executor/pooling.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <utility>

namespace speciesnet::executor {
namespace {

/// Channels of two vectors, which the bfloat16 kernel processes together.
constexpr std::size_t bfloat16_vector = 32;
/// -∞ twice.
constexpr std::uint32_t least_pair = 0xFF80FF80U;
/// -128 four times.
constexpr std::uint32_t least_signed_bytes = 0x80808080U;

template <typename Number>
void keep_larger(const float* pixel, std::size_t channels, float* maximum) {
    const auto* const from = reinterpret_cast<const Number*>(pixel);
    auto* const to = reinterpret_cast<Number*>(maximum);
    for (std::size_t channel = 0; channel < channels; ++channel) {
        to[channel] = std::max(to[channel], from[channel]);
    }
}

/// The maximum of values of an element type.
struct Maximum {
    float least;  ///< Repeated in all elements of a float.
    void (*keep)(const float* pixel, std::size_t channels, float* maximum);
};

Maximum maximum_of(Element element, const Kernels& kernels) {
    switch (element) {
        case Element::bfloat16:
            return {std::bit_cast<float>(least_pair), kernels.bfloat16->keep_maximum};
        case Element::byte:
            if (kernels.int8->least_byte < 0) {
                return {std::bit_cast<float>(least_signed_bytes), keep_larger<std::int8_t>};
            }
            return {0.0F, keep_larger<std::uint8_t>};
        case Element::float32:
            break;
    }
    return {-std::numeric_limits<float>::infinity(), keep_larger<float>};
}

/// Calls reduce(pixels under the kernel, output pixel) for each pixel of the output.
/// @param padding the value of pixels outside the feature map
template <typename Reduce>
void for_each_window(const Execution& execution, const ConvolutionGeometry& geometry,
                     const ConstPicture& input, const Picture& output,
                     const std::vector<float>& padding, const Reduce& reduce) {
    execution.pool.run(output.size.images * output.size.height, [&](std::size_t line, std::size_t) {
        std::vector<const float*> taps(geometry.taps());
        for (std::size_t column = 0; column < output.size.width; ++column) {
            const std::array pixel{line * output.size.width + column};
            gather_rows(geometry, input, output.size, pixel, padding.data(), taps.data());
            reduce(taps,
                   output.pixel(line / output.size.height, line % output.size.height, column));
        }
    });
}

}  // namespace

DepthwiseConvolution::DepthwiseConvolution(const Kernels& kernels,
                                           const ConvolutionGeometry& geometry,
                                           std::span<const float> weights,
                                           std::span<const float> bias, Activation activation,
                                           Element element, std::span<const ByteRange> ranges)
    : geometry_(geometry),
      channels_(bias.size()),
      element_(element),
      activation_(activation),
      zero_(floats_of(element, bias.size())) {
    const std::size_t padded = padded_channels(kernels);
    bias_.resize(padded);
    const std::size_t taps = geometry.taps();
    Memory ordered(taps * padded);
    std::fill_n(ordered.data(), ordered.size(), 0.0F);
    for (std::size_t channel = 0; channel < channels_; ++channel) {
        bias_[place(channel)] = bias[channel];
        for (std::size_t tap = 0; tap < taps; ++tap) {
            ordered.data()[tap * padded + place(channel)] = weights[channel * taps + tap];
        }
    }
    if (element == Element::byte) {
        const ByteScaleTable scales(ranges, kernels.int8->least_byte);
        zero_ = scales.zero_pixel();
        for (std::size_t channel = 0; channel < channels_; ++channel) {
            double sum = bias[channel];
            for (std::size_t tap = 0; tap < taps; ++tap) {
                float& weight = ordered.data()[tap * padded + channel];
                weight *= scales.scale(channel);
                sum -= double{weight} * scales.zero(channel);
            }
            bias_[channel] = static_cast<float>(sum);
        }
    }
    weights_ = Numbers(std::move(ordered));
}

DepthwiseConvolution::DepthwiseConvolution(const Kernels& kernels, RecordReader& record)
    : geometry_(record.geometry()),
      channels_(record.channels()),
      element_(record.element({Element::float32, Element::bfloat16, Element::byte})),
      activation_(record.activation()),
      zero_(floats_of(element_, channels_)) {
    const std::size_t padded = padded_channels(kernels);
    const auto bias = record.numbers({padded}).span();
    bias_.assign(bias.begin(), bias.end());
    weights_ = record.numbers({geometry_.taps(), padded});
    if (element_ == Element::byte) {
        const auto zero = record.numbers({zero_.size()}).span();
        std::copy(zero.begin(), zero.end(), zero_.begin());
    }
}

std::size_t DepthwiseConvolution::padded_channels(const Kernels& kernels) const {
    if ((element_ == Element::bfloat16 && (kernels.bfloat16 == nullptr || channels_ % 2 != 0)) ||
        (element_ == Element::byte && kernels.int8 == nullptr)) {
        throw InvalidArgument("a depthwise convolution has no kernel for its element type");
    }
    const std::size_t whole = element_ == Element::bfloat16 ? bfloat16_vector : kernels.width;
    return (channels_ + whole - 1) / whole * whole;
}

std::size_t DepthwiseConvolution::place(std::size_t channel) const {
    if (element_ != Element::bfloat16) {
        return channel;
    }
    const std::size_t in_vector = channel % bfloat16_vector;
    return channel - in_vector + in_vector % 2 * (bfloat16_vector / 2) + in_vector / 2;
}

OperationRecord DepthwiseConvolution::record() const {
    OperationRecord record{.kind = kind, .sizes = {}, .numbers = {}};
    record_geometry(geometry_, record);
    record.sizes.insert(record.sizes.end(), {channels_, static_cast<std::uint64_t>(element_),
                                             static_cast<std::uint64_t>(activation_)});
    record.numbers = {Numbers(bias_, nullptr), weights_};
    if (element_ == Element::byte) {
        record.numbers.emplace_back(zero_, nullptr);
    }
    return record;
}

std::string DepthwiseConvolution::name() const {
    return "depthwise " + std::to_string(channels_) + " " +
           std::to_string(geometry_.kernel_height) + "x" + std::to_string(geometry_.kernel_width) +
           "/" + std::to_string(geometry_.stride_height);
}

PictureSize DepthwiseConvolution::output_size(std::span<const PictureSize> inputs) const {
    return checked_output_size(geometry_, inputs, channels_, channels_, element_);
}

double DepthwiseConvolution::flops(std::span<const PictureSize> inputs) const {
    return 2.0 * static_cast<double>(output_size(inputs).pixels() * channels_ * geometry_.taps());
}

void DepthwiseConvolution::run(const Execution& execution, std::span<const ConstPicture> inputs,
                               const Picture& output) const {
    const bool is_float32 = element_ == Element::float32;
    const std::size_t tile_rows = is_float32 ? std::size_t{depthwise_rows} : output.size.width;
    const auto depthwise = is_float32                  ? execution.kernels.depthwise
                           : element_ == Element::byte ? execution.kernels.int8->depthwise
                                                       : execution.kernels.bfloat16->depthwise;
    constexpr std::size_t floats_per_pointer = sizeof(const float*) / sizeof(float);
    const std::size_t lines = output.size.images * output.size.height;
    // Adjacent lines read the same rows of the input.
    const std::size_t band = std::clamp<std::size_t>(lines / (4 * execution.pool.threads()), 1, 8);
    const auto compute = [&](std::size_t line, const float** rows) {
        const std::size_t image = line / output.size.height;
        const std::size_t row = line % output.size.height;
        std::vector<std::size_t> pixels(tile_rows);
        for (std::size_t column = 0; column < output.size.width; column += tile_rows) {
            const std::size_t valid = std::min(tile_rows, output.size.width - column);
            for (std::size_t pixel = 0; pixel < tile_rows; ++pixel) {
                pixels[pixel] = line * output.size.width + column + std::min(pixel, valid - 1);
            }
            gather_rows(geometry_, inputs[0], output.size, pixels, zero_.data(), rows);
            DepthwiseTile tile{.rows = rows,
                               .row_count = tile_rows,
                               .taps = geometry_.taps(),
                               .channels = channels_,
                               .weights = weights_.data(),
                               .bias = bias_.data(),
                               .valid_rows = valid,
                               .epilogue = {.activation = activation_,
                                            .output = output.pixel(image, row, column),
                                            .output_stride = output.pixel_stride}};
            tile.epilogue.output_scales = output.scales;
            if (inputs.size() > 1) {
                tile.epilogue.residual = inputs[1].pixel(image, row, column);
                tile.epilogue.residual_stride = inputs[1].pixel_stride;
                tile.epilogue.residual_scales = inputs[1].scales;
            }
            depthwise(tile);
        }
    };
    execution.pool.run((lines + band - 1) / band, [&](std::size_t item, std::size_t thread) {
        const auto** const rows = reinterpret_cast<const float**>(
            execution.pool.scratch(thread, tile_rows * geometry_.taps() * floats_per_pointer));
        const std::size_t end = std::min(lines, (item + 1) * band);
        for (std::size_t line = item * band; line < end; ++line) {
            compute(line, rows);
        }
    });
}

PictureSize MaximumPool::output_size(std::span<const PictureSize> inputs) const {
    return geometry_.output_size(inputs[0], inputs[0].channels);
}

OperationRecord MaximumPool::record() const {
    OperationRecord record{.kind = kind, .sizes = {}, .numbers = {}};
    record_geometry(geometry_, record);
    return record;
}

void MaximumPool::run(const Execution& execution, std::span<const ConstPicture> inputs,
                      const Picture& output) const {
    const auto& input = inputs[0];
    const auto maximum = maximum_of(input.size.element, execution.kernels);
    const std::vector<float> padding(input.size.floats(), maximum.least);
    for_each_window(execution, geometry_, input, output, padding,
                    [&](const std::vector<const float*>& taps, float* to) {
                        std::copy_n(taps[0], input.size.floats(), to);
                        for (const float* const tap : taps) {
                            maximum.keep(tap, input.size.channels, to);
                        }
                    });
}

PictureSize AveragePool::output_size(std::span<const PictureSize> inputs) const {
    return geometry_.output_size(inputs[0], inputs[0].channels);
}

OperationRecord AveragePool::record() const {
    OperationRecord record{.kind = kind, .sizes = {}, .numbers = {}};
    record_geometry(geometry_, record);
    return record;
}

// Adds and divides in the order of LibTorch, which gives the same bits.
void AveragePool::run(const Execution& execution, std::span<const ConstPicture> inputs,
                      const Picture& output) const {
    const std::size_t channels = inputs[0].size.channels;
    const auto count = static_cast<float>(geometry_.taps());
    for_each_window(execution, geometry_, inputs[0], output, std::vector<float>(channels),
                    [&](const std::vector<const float*>& taps, float* to) {
                        std::fill_n(to, channels, 0.0F);
                        for (const float* const tap : taps) {
                            for (std::size_t channel = 0; channel < channels; ++channel) {
                                to[channel] += tap[channel];
                            }
                        }
                        for (std::size_t channel = 0; channel < channels; ++channel) {
                            to[channel] /= count;
                        }
                    });
}

PictureSize GlobalMean::output_size(std::span<const PictureSize> inputs) const {
    return {.images = inputs[0].images, .channels = inputs[0].channels};
}

OperationRecord GlobalMean::record() const {
    return {.kind = kind, .sizes = {}, .numbers = {}};
}

// Sums each row separately, so that results do not depend on the number of threads.
void GlobalMean::run(const Execution& execution, std::span<const ConstPicture> inputs,
                     const Picture& output) const {
    const auto& input = inputs[0];
    const auto& size = input.size;
    execution.shared.reserve(size.images * size.height * size.channels);
    float* const row_sums = execution.shared.data();
    const auto add_pixels = size.element == Element::float32 ? execution.kernels.add_pixels
                            : size.element == Element::byte
                                ? execution.kernels.int8->add_pixels
                                : execution.kernels.bfloat16->add_pixels;
    execution.pool.run(size.images * size.height, [&](std::size_t line, std::size_t) {
        float* const sums = row_sums + line * size.channels;
        std::fill_n(sums, size.channels, 0.0F);
        add_pixels(input.pixel(line / size.height, line % size.height, 0), input.pixel_stride,
                   size.width, size.channels, sums);
    });
    for (std::size_t image = 0; image < size.images; ++image) {
        float* const mean = output.pixel(image, 0, 0);
        std::fill_n(mean, size.channels, 0.0F);
        execution.kernels.add_pixels(row_sums + image * size.height * size.channels, size.channels,
                                     size.height, size.channels, mean);
        const auto count = static_cast<float>(size.height * size.width);
        for (std::size_t channel = 0; channel < size.channels; ++channel) {
            mean[channel] /= count;
            if (input.scales) {
                mean[channel] =
                    (mean[channel] - input.scales.zero[channel]) * input.scales.scale[channel];
            }
        }
    }
}

}  // namespace speciesnet::executor
