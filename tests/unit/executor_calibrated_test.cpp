// SPDX-License-Identifier: Apache-2.0
// Compares calibrated feature maps of bytes, for all kernels, with plain loops in double precision.
#include "speciesnet/error.hpp"

#include "byte_pictures.hpp"
#include "executor/calibrated_convolution.hpp"
#include "executor/convolution.hpp"
#include "executor/pixelwise.hpp"
#include "executor/pooling.hpp"
#include "executor/restore_operation.hpp"
#include "executor_fixtures.hpp"
#include "reduced_kernels.hpp"
#include "run_operation.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet::executor;

namespace {

struct Case {
    std::string name;
    PictureSize input;
    std::size_t outputs;
    ConvolutionGeometry geometry;
};

const std::vector<Case> cases{
    {"1x1", {1, 5, 7, 64}, 32, {}},
    {"few channels", {2, 6, 5, 20}, 80, {3, 3, 1, 1, 1, 1, 1, 1}},
    {"stride 2, padding at one end", {1, 9, 8, 32}, 16, {3, 3, 2, 2, 0, 0, 1, 1}},
    {"four channels", {1, 4, 4, 4}, 8, {3, 3, 1, 1, 1, 1, 1, 1}},
    {"one pixel", {1, 1, 1, 100}, 20, {}},
    {"more pixels than a block", {1, 31, 29, 8}, 16, {3, 3, 1, 1, 1, 1, 1, 1}},
    {"sums in several parts", {1, 4, 5, 600}, 64, {3, 3, 1, 1, 1, 1, 1, 1}},
    {"many channels of each kind", {1, 6, 7, 128}, 112, {3, 3, 1, 1, 1, 1, 1, 1}},
    {"dilated", {1, 9, 12, 36}, 32, {3, 3, 1, 1, 2, 2, 2, 2, 2, 2}},
};

/// Returns values whose range differs for each channel; some channels are never negative, some
/// never positive.
std::vector<float> uneven_numbers(std::size_t count, std::size_t channels, std::uint32_t seed) {
    auto values = numbers(count, seed);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t channel = i % channels;
        const auto width = 0.1F + static_cast<float>(channel % 7);
        const float shift = channel % 3 == 0 ? 1.0F : channel % 3 == 1 ? -1.0F : 0.0F;
        values[i] = (values[i] + shift) * width;
    }
    return values;
}

/// Returns the weights that the bytes represent if the inputs have these ranges.
std::vector<double> rounded_weights(const std::vector<float>& weights, std::size_t outputs,
                                    std::size_t taps, const std::vector<ByteRange>& ranges) {
    std::vector<double> rounded(weights.size());
    const std::size_t own = weights.size() / outputs;
    const auto step = [&](std::size_t i) {
        const auto& range = ranges[i % own / taps];
        return (range.most - range.least) / 255.0;
    };
    for (std::size_t first = 0; first < weights.size(); first += own) {
        double largest = 0;
        for (std::size_t i = first; i < first + own; ++i) {
            largest = std::max(largest, std::abs(weights[i] * step(i)));
        }
        for (std::size_t i = first; i < first + own; ++i) {
            const double scale = largest / 127 / step(i);
            rounded[i] = std::round(weights[i] / scale) * scale;
        }
    }
    return rounded;
}

/// Returns one sum, before bias and activation.
double plain_sum(const Case& layer, const PictureSize& output, const std::vector<float>& input,
                 const std::vector<double>& weights, std::size_t pixel, std::size_t channel) {
    const auto& geometry = layer.geometry;
    const std::size_t line = pixel / output.width;
    double sum = 0;
    for (std::size_t tap = 0; tap < geometry.taps(); ++tap) {
        const std::size_t row = line % output.height * geometry.stride_height +
                                tap / geometry.kernel_width * geometry.dilation_height -
                                geometry.pad_top;
        const std::size_t column = pixel % output.width * geometry.stride_width +
                                   tap % geometry.kernel_width * geometry.dilation_width -
                                   geometry.pad_left;
        if (row >= layer.input.height || column >= layer.input.width) {
            continue;
        }
        const std::size_t place =
            ((line / output.height * layer.input.height + row) * layer.input.width + column) *
            layer.input.channels;
        for (std::size_t i = 0; i < layer.input.channels; ++i) {
            sum += input[place + i] *
                   weights[(channel * layer.input.channels + i) * geometry.taps() + tap];
        }
    }
    return sum;
}

/// Returns one sum of a depthwise convolution, before bias and activation.
double depthwise_sum(const ConvolutionGeometry& geometry, const PictureSize& input,
                     const PictureSize& output, const std::vector<float>& values,
                     const std::vector<float>& weights, std::size_t pixel, std::size_t channel) {
    const std::size_t line = pixel / output.width;
    double sum = 0;
    for (std::size_t tap = 0; tap < geometry.taps(); ++tap) {
        const std::size_t row = line % output.height * geometry.stride_height +
                                tap / geometry.kernel_width - geometry.pad_top;
        const std::size_t column = pixel % output.width * geometry.stride_width +
                                   tap % geometry.kernel_width - geometry.pad_left;
        if (row < input.height && column < input.width) {
            const std::size_t place =
                (line / output.height * input.height + row) * input.width + column;
            sum += double{values[place * input.channels + channel]} *
                   weights[channel * geometry.taps() + tap];
        }
    }
    return sum;
}

void run_on(const Operation& operation, const Kernels& table, const std::vector<Picture>& inputs,
            const Picture& output) {
    std::vector<ConstPicture> views;
    std::vector<Element> elements;
    std::vector<PictureSize> sizes;
    for (const auto& input : inputs) {
        views.push_back(read_only(input));
        elements.push_back(input.size.element);
        sizes.push_back(input.size);
    }
    REQUIRE(operation.takes(elements, output.size.element));
    REQUIRE(operation.output_size(sizes) == output.size);
    ThreadPool pool(2);
    Memory shared;
    Memory converted;
    operation.run({table, pool, shared, converted}, views, output);
}

/// Checks that each byte is the nearest to the exact value, clamped to the range.
/// @param activation sigmoids have 13 bits
void check_bytes(const std::vector<float>& found, const std::vector<double>& exact,
                 const std::vector<ByteRange>& ranges, Activation activation = Activation::none) {
    const double error = activation == Activation::silu ? 2e-4 : 1e-5;
    REQUIRE(found.size() == exact.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto& range = ranges[i % ranges.size()];
        const double step = (double{range.most} - range.least) / 255;
        const double expected = std::clamp(exact[i], double{range.least}, double{range.most});
        // Rounding the zero point moves the ends of the range by up to half a step.
        const bool is_inside = exact[i] > range.least + step && exact[i] < range.most - step;
        CAPTURE(i);
        REQUIRE(std::abs(found[i] - expected) <=
                step * (is_inside ? 0.51 : 1.01) + std::abs(exact[i]) * error);
    }
}

}  // namespace

TEST_CASE("a calibrated convolution is that of the numbers which bytes stand for") {
    for (const auto& table : reduced_kernels()) {
        for (const auto& layer : cases) {
            for (const auto activation : {Activation::none, Activation::relu, Activation::silu}) {
                CAPTURE(layer.name);
                CAPTURE(static_cast<int>(activation));
                const std::size_t taps = layer.geometry.taps();
                const std::size_t channels = layer.input.channels;
                const auto ranges = ranges_of(
                    uneven_numbers(layer.input.pixels() * channels, channels, 1), channels);
                // Contains values outside the ranges.
                auto given = uneven_numbers(layer.input.pixels() * channels, channels, 2);
                BytePicture input(layer.input, ranges, table, given);
                const auto numbers_in = input.numbers(table);
                auto weights = numbers(layer.outputs * channels * taps, 3);
                for (auto& weight : weights) {
                    weight /= std::sqrt(static_cast<float>(channels * taps));
                }
                const auto bias = numbers(layer.outputs, 4);
                const auto rounded = rounded_weights(weights, layer.outputs, taps, ranges);
                const CalibratedConvolution to_floats(table, layer.geometry, weights, bias,
                                                      activation, ranges);
                const CalibratedConvolution to_bytes(table, layer.geometry, weights, bias,
                                                     activation, ranges, Element::byte);
                const auto size = to_floats.output_size(std::vector{layer.input});
                const auto residual =
                    uneven_numbers(size.pixels() * size.channels, size.channels, 5);
                const auto residual_ranges = ranges_of(residual, size.channels);
                BytePicture residual_bytes(size, residual_ranges, table, residual);
                const auto residual_numbers = residual_bytes.numbers(table);
                std::vector<double> exact;
                std::vector<double> with_residual;
                for (std::size_t i = 0; i < size.pixels() * size.channels; ++i) {
                    const std::size_t channel = i % size.channels;
                    exact.push_back(activated(
                        bias[channel] +
                            plain_sum(layer, size, numbers_in, rounded, i / size.channels, channel),
                        activation));
                    with_residual.push_back(exact.back() + residual_numbers[i]);
                }

                OwnPicture floats(size);
                run_on(to_floats, table, {input.view()}, floats.view());
                const auto found = floats.numbers(table);
                for (std::size_t i = 0; i < found.size(); ++i) {
                    REQUIRE(std::abs(found[i] - exact[i]) <= 2e-4 * (1 + std::abs(exact[i])));
                }
                // A float32 feature map is first quantised to the same bytes.
                OwnPicture given_floats(layer.input, given, table);
                OwnPicture again(size);
                run_on(to_floats, table, {given_floats.view()}, again.view());
                CHECK(again.numbers(table) == found);

                std::vector<ByteRange> output_ranges(size.channels);
                for (std::size_t i = 0; i < with_residual.size(); ++i) {
                    auto& range = output_ranges[i % size.channels];
                    // Narrower than the values, so that some are outside.
                    range.least =
                        std::min(range.least, static_cast<float>(with_residual[i]) * 0.8F);
                    range.most = std::max(range.most, static_cast<float>(with_residual[i]) * 0.8F);
                }
                for (auto& range : output_ranges) {
                    range.most = std::max(range.most, range.least + 0.01F);
                }
                BytePicture output(size, output_ranges, table);
                run_on(to_bytes, table, {input.view()}, output.view());
                check_bytes(output.numbers(table), exact, output_ranges, activation);
                run_on(to_bytes, table, {input.view(), residual_bytes.view()}, output.view());
                check_bytes(output.numbers(table), with_residual, output_ranges, activation);
            }
        }
    }
}

TEST_CASE("a part of a picture of bytes is convolved into a part of another") {
    constexpr std::size_t channels = 24;
    constexpr ConvolutionGeometry square{3, 3, 1, 1, 1, 1, 1, 1};
    const PictureSize size{1, 7, 9, channels};
    PictureSize wide = size;
    wide.channels = 3 * channels;
    const auto values = uneven_numbers(wide.pixels() * wide.channels, wide.channels, 1);
    const auto ranges = ranges_of(values, wide.channels);
    const std::vector own(ranges.begin() + channels, ranges.begin() + 2 * channels);
    const auto weights = numbers(channels * channels * 9, 2);
    const auto bias = numbers(channels, 3);
    for (const auto& table : reduced_kernels()) {
        const CalibratedConvolution convolution(table, square, weights, bias, Activation::silu, own,
                                                Element::byte);
        BytePicture picture(wide, ranges, table, values);
        const auto middle = [&](Picture view) {
            view.size.channels = channels;
            view.data += floats_of(Element::byte, channels);
            view.scales = view.scales.from(channels);
            return view;
        };
        BytePicture output(wide, ranges, table, values);
        const auto before = output.numbers(table);
        run_on(convolution, table, {middle(picture.view())}, middle(output.view()));
        const auto after = output.numbers(table);

        std::vector<float> part;
        for (std::size_t pixel = 0; pixel < wide.pixels(); ++pixel) {
            const auto first =
                values.begin() + static_cast<std::ptrdiff_t>(pixel * wide.channels + channels);
            part.insert(part.end(), first, first + channels);
        }
        BytePicture alone(size, own, table, part);
        BytePicture expected(size, own, table);
        run_on(convolution, table, {alone.view()}, expected.view());
        const auto found = expected.numbers(table);
        for (std::size_t i = 0; i < after.size(); ++i) {
            const std::size_t channel = i % wide.channels;
            const bool is_inside = channel >= channels && channel < 2 * channels;
            REQUIRE(
                after[i] ==
                (is_inside ? found[i / wide.channels * channels + channel - channels] : before[i]));
        }
    }
}

TEST_CASE("operations on bytes give what those on the same numbers give") {
    constexpr ConvolutionGeometry square{3, 3, 1, 1, 1, 1, 1, 1};
    constexpr ConvolutionGeometry strided{5, 3, 2, 2, 2, 0, 1, 1};
    const PictureSize size{2, 7, 9, 44};
    const auto values = uneven_numbers(size.pixels() * size.channels, size.channels, 1);
    const auto ranges = ranges_of(values, size.channels);
    for (const auto& table : reduced_kernels()) {
        const auto check_exact = [&](const Operation& operation) {
            BytePicture input(size, ranges, table, values);
            OwnPicture floats(size, input.numbers(table), table);
            auto output_size = operation.output_size(std::vector{size});
            OwnPicture expected(output_size);
            run_on(operation, table, {floats.view()}, expected.view());
            BytePicture output(output_size, ranges, table);
            run_on(operation, table, {input.view()}, output.view());
            CAPTURE(operation.name());
            CHECK(operation.selects_numbers(1));
            CHECK(output.numbers(table) == expected.numbers(table));
        };
        check_exact(MaximumPool(square));
        check_exact(MaximumPool(strided));
        check_exact(NearestUpsample(2, 3));
        check_exact(Pixelwise(Activation::none));

        const Pixelwise sum(Activation::silu);
        CHECK_FALSE(sum.selects_numbers(2));
        const auto others = uneven_numbers(values.size(), size.channels, 6);
        const auto other_ranges = ranges_of(others, size.channels);
        BytePicture first(size, ranges, table, values);
        BytePicture second(size, other_ranges, table, others);
        const auto first_numbers = first.numbers(table);
        const auto second_numbers = second.numbers(table);
        std::vector<double> exact;
        for (std::size_t i = 0; i < values.size(); ++i) {
            exact.push_back(activated(first_numbers[i], Activation::silu) + second_numbers[i]);
        }
        BytePicture output(size, ranges, table);
        run_on(sum, table, {first.view(), second.view()}, output.view());
        check_bytes(output.numbers(table), exact, ranges, Activation::silu);
    }
}

TEST_CASE("a depthwise convolution of bytes is that of the numbers which bytes stand for") {
    const std::vector<std::pair<PictureSize, ConvolutionGeometry>> layers{
        {{2, 7, 9, 44}, {3, 3, 1, 1, 1, 1, 1, 1}},
        {{1, 9, 8, 100}, {3, 3, 2, 2, 0, 0, 1, 1}},
        {{1, 6, 5, 20}, {5, 1, 1, 1, 2, 0, 2, 0}},
    };
    for (const auto& table : reduced_kernels()) {
        for (const auto& [size, geometry] : layers) {
            const std::size_t channels = size.channels;
            const std::size_t taps = geometry.taps();
            const auto values = uneven_numbers(size.pixels() * channels, channels, 1);
            BytePicture input(size, ranges_of(values, channels), table, values);
            const auto numbers_in = input.numbers(table);
            const auto weights = numbers(channels * taps, 3);
            const auto bias = numbers(channels, 4);
            for (const auto activation : {Activation::none, Activation::silu}) {
                const DepthwiseConvolution convolution(table, geometry, weights, bias, activation,
                                                       Element::byte, ranges_of(values, channels));
                const auto output_size = convolution.output_size(std::vector{input.size()});
                const auto residual = uneven_numbers(output_size.pixels() * channels, channels, 5);
                BytePicture residual_bytes(output_size, ranges_of(residual, channels), table,
                                           residual);
                const auto residual_numbers = residual_bytes.numbers(table);
                std::vector<double> exact;
                std::vector<float> rounded;
                std::vector<double> with_residual;
                for (std::size_t i = 0; i < output_size.pixels() * channels; ++i) {
                    const std::size_t channel = i % channels;
                    exact.push_back(activated(
                        bias[channel] + depthwise_sum(geometry, size, output_size, numbers_in,
                                                      weights, i / channels, channel),
                        activation));
                    rounded.push_back(static_cast<float>(exact.back()));
                    with_residual.push_back(exact.back() + residual_numbers[i]);
                }
                const auto output_ranges = ranges_of(rounded, channels);
                BytePicture output(output_size, output_ranges, table);
                run_on(convolution, table, {input.view()}, output.view());
                check_bytes(output.numbers(table), exact, output_ranges, activation);

                const auto record = convolution.record();
                const auto restored = restore_operation(record, table, 1);
                BytePicture again(output_size, output_ranges, table);
                run_on(*restored, table, {input.view()}, again.view());
                CHECK(again.numbers(table) == output.numbers(table));
                auto without_bytes = table;
                without_bytes.int8 = nullptr;
                CHECK_THROWS_AS(restore_operation(record, without_bytes, 1),
                                speciesnet::InvalidArgument);

                run_on(convolution, table, {input.view(), residual_bytes.view()}, output.view());
                check_bytes(output.numbers(table), with_residual, output_ranges, activation);
            }
        }
    }
}

TEST_CASE("the mean of bytes and their product with one number for each channel") {
    const PictureSize size{2, 7, 9, 44};
    const PictureSize single{.images = 2, .channels = 44};
    const auto values = uneven_numbers(size.pixels() * size.channels, size.channels, 1);
    const auto factors = numbers(single.pixels() * single.channels, 2);
    for (const auto& table : reduced_kernels()) {
        BytePicture input(size, ranges_of(values, size.channels), table, values);
        const auto numbers_in = input.numbers(table);
        OwnPicture mean(single);
        run_on(GlobalMean(), table, {input.view()}, mean.view());
        const auto means = mean.numbers(table);
        std::vector<double> sums(means.size());
        std::vector<double> products;
        std::vector<float> rounded;
        for (std::size_t i = 0; i < numbers_in.size(); ++i) {
            const std::size_t place =
                i / size.channels / (size.height * size.width) * size.channels + i % size.channels;
            sums[place] += numbers_in[i];
            products.push_back(double{numbers_in[i]} * factors[place]);
            rounded.push_back(static_cast<float>(products.back()));
        }
        for (std::size_t i = 0; i < sums.size(); ++i) {
            REQUIRE(std::abs(means[i] - sums[i] / (7 * 9)) < 1e-4);
        }
        const auto ranges = ranges_of(rounded, size.channels);
        BytePicture output(size, ranges, table);
        OwnPicture scale(single, factors, table);
        run_on(ChannelScale(), table, {input.view(), scale.view()}, output.view());
        check_bytes(output.numbers(table), products, ranges);
    }
}

TEST_CASE("operations without a way for bytes take none") {
    const auto takes = [](const Operation& operation, std::vector<Element> inputs, Element output) {
        return operation.takes(inputs, output);
    };
    CHECK_FALSE(takes(GlobalMean(), {Element::byte}, Element::byte));
    CHECK_FALSE(takes(ChannelScale(), {Element::byte, Element::byte}, Element::byte));
    CHECK_FALSE(takes(ChannelShift(), {Element::byte, Element::float32}, Element::byte));
    CHECK_FALSE(takes(AveragePool({}), {Element::byte}, Element::byte));
    CHECK_FALSE(takes(Conversion(Element::float32), {Element::byte}, Element::float32));
}

TEST_CASE("only ranges with a 0 and finite steps are valid") {
    constexpr float beyond = std::numeric_limits<float>::infinity();
    constexpr float none = std::numeric_limits<float>::quiet_NaN();
    constexpr float largest = std::numeric_limits<float>::max();
    constexpr float least = std::numeric_limits<float>::denorm_min();
    CHECK(is_valid({-1, 2}));
    CHECK(is_valid({0, 2}));
    CHECK(is_valid({-1, 0}));
    for (const auto& range :
         {ByteRange{0, 0}, ByteRange{1, 2}, ByteRange{-2, -1}, ByteRange{2, -1},
          ByteRange{0, beyond}, ByteRange{-beyond, 0}, ByteRange{none, 1}, ByteRange{0, none},
          ByteRange{-largest, largest}, ByteRange{0, least}}) {
        CAPTURE(range.least);
        CAPTURE(range.most);
        CHECK_FALSE(is_valid(range));
    }
}
