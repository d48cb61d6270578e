// SPDX-License-Identifier: Apache-2.0
// Divides the rows of the output among the threads.
#include "executor/pixelwise.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <vector>

namespace speciesnet::executor {
namespace {

constexpr std::size_t most_factor = 64;

/// Calls work(image, row) for each row of a feature map.
template <typename Work>
void each_row(ThreadPool& pool, const PictureSize& size, const Work& work) {
    pool.run(size.images * size.height,
             [&](std::size_t line, std::size_t) { work(line / size.height, line % size.height); });
}

/// Applies a function to each value of a feature map.
template <typename Function>
void each_number(const Execution& execution, const ConstPicture& input, const Picture& output,
                 const Function& function) {
    each_row(execution.pool, output.size, [&](std::size_t image, std::size_t row) {
        for (std::size_t column = 0; column < output.size.width; ++column) {
            const float* const from = input.pixel(image, row, column);
            std::transform(from, from + output.size.channels, output.pixel(image, row, column),
                           function);
        }
    });
}

PictureSize size_with_number_per_channel(std::span<const PictureSize> inputs) {
    const PictureSize single{.images = inputs[0].images, .channels = inputs[0].channels};
    if (inputs[1] != single) {
        throw InvalidArgument(
            "an operation does not have one value for each channel of its feature map");
    }
    return inputs[0];
}

/// Returns the function for feature maps of this element type.
template <typename Function>
Function choose(const Execution& execution, const PictureSize& size, Function Kernels::*float32,
                Function Bfloat16Kernels::*bfloat16) {
    return size.element == Element::float32 ? execution.kernels.*float32
                                            : execution.kernels.bfloat16->*bfloat16;
}

}  // namespace

void convert(const Execution& execution, const ConstPicture& input, const Picture& output) {
    const auto& kernels = *execution.kernels.bfloat16;
    const auto convert = output.size.element == Element::bfloat16 ? kernels.round : kernels.widen;
    each_row(execution.pool, output.size, [&](std::size_t image, std::size_t row) {
        for (std::size_t column = 0; column < output.size.width; ++column) {
            convert(input.pixel(image, row, column), output.size.channels,
                    output.pixel(image, row, column));
        }
    });
}

PictureSize Conversion::output_size(std::span<const PictureSize> inputs) const {
    auto size = inputs[0];
    size.element = output_;
    return size;
}

OperationRecord Conversion::record() const {
    return {.kind = kind, .sizes = {static_cast<std::uint64_t>(output_)}, .numbers = {}};
}

PictureSize Pixelwise::output_size(std::span<const PictureSize> inputs) const {
    if (inputs.size() > 1 && inputs[0] != inputs[1]) {
        throw InvalidArgument("feature maps of different sizes are added");
    }
    return inputs[0];
}

OperationRecord Pixelwise::record() const {
    return {.kind = kind, .sizes = {static_cast<std::uint64_t>(activation_)}, .numbers = {}};
}

void Pixelwise::run(const Execution& execution, std::span<const ConstPicture> inputs,
                    const Picture& output) const {
    if (output.size.element == Element::byte) {
        run_on_bytes(execution, inputs, output);
        return;
    }
    const auto finish_pixel =
        choose(execution, output.size, &Kernels::finish_pixel, &Bfloat16Kernels::finish_pixel);
    each_row(execution.pool, output.size, [&](std::size_t image, std::size_t row) {
        for (std::size_t column = 0; column < output.size.width; ++column) {
            finish_pixel(
                inputs[0].pixel(image, row, column), nullptr, output.size.channels,
                {.activation = activation_,
                 .residual = inputs.size() > 1 ? inputs[1].pixel(image, row, column) : nullptr,
                 .output = output.pixel(image, row, column)});
        }
    });
}

void Pixelwise::run_on_bytes(const Execution& execution, std::span<const ConstPicture> inputs,
                             const Picture& output) const {
    const auto& kernels = *execution.kernels.int8;
    const std::size_t channels = output.size.channels;
    each_row(execution.pool, output.size, [&](std::size_t image, std::size_t row) {
        std::vector<float> numbers(channels);
        Epilogue epilogue{.activation = activation_};
        epilogue.output_scales = output.scales;
        for (std::size_t column = 0; column < output.size.width; ++column) {
            kernels.widen(inputs[0].pixel(image, row, column), channels, inputs[0].scales,
                          numbers.data());
            if (inputs.size() > 1) {
                epilogue.residual = inputs[1].pixel(image, row, column);
                epilogue.residual_scales = inputs[1].scales;
            }
            epilogue.output = output.pixel(image, row, column);
            kernels.finish_pixel(numbers.data(), nullptr, channels, epilogue);
        }
    });
}

PictureSize Hardswish::output_size(std::span<const PictureSize> inputs) const {
    return inputs[0];
}

OperationRecord Hardswish::record() const {
    return {.kind = kind, .sizes = {}, .numbers = {}};
}

void Hardswish::run(const Execution& execution, std::span<const ConstPicture> inputs,
                    const Picture& output) const {
    each_number(execution, inputs[0], output,
                [](float x) { return x * std::min(std::max(x + 3.0F, 0.0F), 6.0F) / 6.0F; });
}

LeakyRelu::LeakyRelu(RecordReader& record) : slope_(record.numbers({1}).span().front()) {}

PictureSize LeakyRelu::output_size(std::span<const PictureSize> inputs) const {
    return inputs[0];
}

OperationRecord LeakyRelu::record() const {
    return {.kind = kind, .sizes = {}, .numbers = {Numbers({&slope_, 1}, nullptr)}};
}

void LeakyRelu::run(const Execution& execution, std::span<const ConstPicture> inputs,
                    const Picture& output) const {
    each_number(execution, inputs[0], output,
                [slope = slope_](float x) { return x > 0 ? x : x * slope; });
}

PictureSize ChannelScale::output_size(std::span<const PictureSize> inputs) const {
    return size_with_number_per_channel(inputs);
}

OperationRecord ChannelScale::record() const {
    return {.kind = kind, .sizes = {}, .numbers = {}};
}

void ChannelScale::run(const Execution& execution, std::span<const ConstPicture> inputs,
                       const Picture& output) const {
    if (output.size.element == Element::byte) {
        scale_bytes(execution, inputs, output);
        return;
    }
    const auto scale_pixels =
        choose(execution, output.size, &Kernels::scale_pixels, &Bfloat16Kernels::scale_pixels);
    each_row(execution.pool, output.size, [&](std::size_t image, std::size_t row) {
        scale_pixels(inputs[0].pixel(image, row, 0), inputs[0].pixel_stride, output.size.width,
                     output.size.channels, inputs[1].pixel(image, 0, 0),
                     output.pixel(image, row, 0), output.pixel_stride);
    });
}

void ChannelScale::scale_bytes(const Execution& execution, std::span<const ConstPicture> inputs,
                               const Picture& output) {
    const auto& size = output.size;
    each_row(execution.pool, size, [&](std::size_t image, std::size_t row) {
        execution.kernels.int8->scale_pixels({.pixels = inputs[0].pixel(image, row, 0),
                                              .stride = inputs[0].pixel_stride,
                                              .count = size.width,
                                              .channels = size.channels,
                                              .scales = inputs[0].scales},
                                             inputs[1].pixel(image, 0, 0),
                                             {.pixels = output.pixel(image, row, 0),
                                              .stride = output.pixel_stride,
                                              .count = size.width,
                                              .channels = size.channels,
                                              .scales = output.scales});
    });
}

PictureSize ChannelShift::output_size(std::span<const PictureSize> inputs) const {
    return size_with_number_per_channel(inputs);
}

OperationRecord ChannelShift::record() const {
    return {.kind = kind, .sizes = {}, .numbers = {}};
}

void ChannelShift::run(const Execution& execution, std::span<const ConstPicture> inputs,
                       const Picture& output) const {
    const auto finish_pixel =
        choose(execution, output.size, &Kernels::finish_pixel, &Bfloat16Kernels::finish_pixel);
    each_row(execution.pool, output.size, [&](std::size_t image, std::size_t row) {
        for (std::size_t column = 0; column < output.size.width; ++column) {
            finish_pixel(inputs[0].pixel(image, row, column), inputs[1].pixel(image, 0, 0),
                         output.size.channels, {.output = output.pixel(image, row, column)});
        }
    });
}

NearestUpsample::NearestUpsample(RecordReader& record)
    : factor_height_(record.size(1, most_factor)), factor_width_(record.size(1, most_factor)) {}

PictureSize NearestUpsample::output_size(std::span<const PictureSize> inputs) const {
    return {.images = inputs[0].images,
            .height = inputs[0].height * factor_height_,
            .width = inputs[0].width * factor_width_,
            .channels = inputs[0].channels,
            .element = inputs[0].element};
}

OperationRecord NearestUpsample::record() const {
    return {.kind = kind, .sizes = {factor_height_, factor_width_}, .numbers = {}};
}

void NearestUpsample::run(const Execution& execution, std::span<const ConstPicture> inputs,
                          const Picture& output) const {
    each_row(execution.pool, output.size, [&](std::size_t image, std::size_t row) {
        for (std::size_t column = 0; column < output.size.width; ++column) {
            std::copy_n(inputs[0].pixel(image, row / factor_height_, column / factor_width_),
                        output.size.floats(), output.pixel(image, row, column));
        }
    });
}

}  // namespace speciesnet::executor
