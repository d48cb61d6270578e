// SPDX-License-Identifier: Apache-2.0
// Computes both products as convolutions of single pixels, whose weights are the keys, then the
// values.
#include "executor/attention.hpp"

#include "speciesnet/error.hpp"

#include "executor/convolution.hpp"
#include "executor/direct_convolution.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <new>
#include <vector>

namespace speciesnet::executor {
namespace {

/// The maximum number of products of queries and keys in memory.
constexpr std::size_t most_products = std::size_t{1} << 22U;

template <typename Number>
BasicPicture<Number> channels_of(BasicPicture<Number> picture, std::size_t first,
                                 std::size_t count) {
    picture.data += first;
    picture.size.channels = count;
    return picture;
}

template <typename Number>
BasicPicture<Number> rows_of(BasicPicture<Number> picture, std::size_t first, std::size_t count) {
    picture.data += first * picture.row_stride;
    picture.size.height = count;
    return picture;
}

void multiply(const Execution& execution, const ConstPicture& input, const PackedWeights& weights,
              const Picture& output) {
    const ConvolutionGeometry geometry;
    const ConvolutionTask task{.geometry = geometry,
                               .weights = weights,
                               .bias = nullptr,
                               .scale = nullptr,
                               .shift = nullptr,
                               .activation = Activation::none,
                               .input = input,
                               .residual = nullptr,
                               .output = output};
    DirectConvolution(execution.kernels, execution.kernels.convolve,
                      std::vector<float>(input.size.channels), task)
        .run(execution.pool);
}

/// Calls use(pixel index, channel, value) for all values of a feature map of one image.
template <typename Use>
void for_each_number(const ConstPicture& picture, const Use& use) {
    for (std::size_t row = 0; row < picture.size.height; ++row) {
        for (std::size_t column = 0; column < picture.size.width; ++column) {
            const float* const pixel = picture.pixel(0, row, column);
            for (std::size_t channel = 0; channel < picture.size.channels; ++channel) {
                use(row * picture.size.width + column, channel, pixel[channel]);
            }
        }
    }
}

}  // namespace

Attention::Attention(RecordReader& record) {
    heads_.count = record.channels();
    heads_.key_channels = record.channels();
    heads_.value_channels = record.channels();
    scale_ = record.numbers({1}).span().front();
}

OperationRecord Attention::record() const {
    return {.kind = kind,
            .sizes = {heads_.count, heads_.key_channels, heads_.value_channels},
            .numbers = {Numbers({&scale_, 1}, nullptr)}};
}

PictureSize Attention::output_size(std::span<const PictureSize> inputs) const {
    if (inputs[0].channels != heads_.count * heads_.channels()) {
        throw InvalidArgument("the heads of an attention do not match its feature map");
    }
    auto size = inputs[0];
    size.channels = heads_.count * heads_.value_channels;
    return size;
}

double Attention::flops(std::span<const PictureSize> inputs) const {
    const auto pixels = static_cast<double>(inputs[0].height * inputs[0].width);
    return 2 * pixels * pixels *
           static_cast<double>(inputs[0].images * heads_.count *
                               (heads_.key_channels + heads_.value_channels));
}

void Attention::run(const Execution& execution, std::span<const ConstPicture> inputs,
                    const Picture& output) const {
    for (std::size_t image = 0; image < output.size.images; ++image) {
        auto from = inputs[0];
        from.data += image * from.image_stride;
        from.size.images = 1;
        auto to = output;
        to.data += image * to.image_stride;
        to.size.images = 1;
        for (std::size_t head = 0; head < heads_.count; ++head) {
            run_head(execution, channels_of(from, head * heads_.channels(), heads_.channels()),
                     channels_of(to, head * heads_.value_channels, heads_.value_channels));
        }
    }
}

void Attention::run_head(const Execution& execution, const ConstPicture& input,
                         const Picture& output) const {
    const auto& kernels = execution.kernels;
    const std::size_t pixels = input.size.pixels();
    const std::size_t keys = heads_.key_channels;
    std::vector<float> numbers(pixels * std::max(keys, heads_.value_channels));
    for_each_number(channels_of(input, keys, keys),
                    [&](std::size_t pixel, std::size_t channel, float number) {
                        numbers[pixel * keys + channel] = number * scale_;
                    });
    const PackedWeights packed_keys(kernels.width, kernels.tiles,
                                    std::span(numbers).first(pixels * keys), pixels, keys, 1);
    for_each_number(channels_of(input, 2 * keys, heads_.value_channels),
                    [&](std::size_t pixel, std::size_t channel, float number) {
                        numbers[channel * pixels + pixel] = number;
                    });
    const PackedWeights packed_values(kernels.width, kernels.tiles,
                                      std::span(numbers).first(pixels * heads_.value_channels),
                                      heads_.value_channels, pixels, 1);

    // The products of a large feature map exceed the memory of a 32-bit process.
    const auto row_products = std::max<std::uint64_t>(1, std::uint64_t{pixels} * input.size.width);
    const auto rows_at_once = static_cast<std::size_t>(
        std::clamp<std::uint64_t>(most_products / row_products, 1, input.size.height));
    if (row_products > std::numeric_limits<std::size_t>::max() / rows_at_once) {
        throw std::bad_alloc();
    }
    execution.shared.reserve(static_cast<std::size_t>(rows_at_once * row_products));
    for (std::size_t row = 0; row < input.size.height; row += rows_at_once) {
        const std::size_t rows = std::min(rows_at_once, input.size.height - row);
        const Picture weights = picture(
            execution.shared.data(),
            PictureSize{.height = rows, .width = input.size.width, .channels = pixels}, pixels);
        multiply(execution, rows_of(channels_of(input, 0, keys), row, rows), packed_keys, weights);
        execution.pool.run(rows, [&](std::size_t line, std::size_t) {
            for (std::size_t column = 0; column < weights.size.width; ++column) {
                kernels.softmax(weights.pixel(0, line, column), pixels);
            }
        });
        multiply(execution, read_only(weights), packed_values, rows_of(output, row, rows));
    }
}

}  // namespace speciesnet::executor
