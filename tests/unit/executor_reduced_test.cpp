// SPDX-License-Identifier: Apache-2.0
// Convolutions of bfloat16 values and of bytes: if these represent all values exactly, the results
// equal those of the float32 convolution.
#include "executor/bfloat16_convolution.hpp"
#include "executor/convolution.hpp"
#include "executor/int8_convolution.hpp"
#include "executor/pixelwise.hpp"
#include "executor/pooling.hpp"
#include "executor_fixtures.hpp"
#include "reduced_kernels.hpp"
#include "run_operation.hpp"

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
    {"channels that fill no group", {2, 6, 5, 19}, 80, {3, 3, 1, 1, 1, 1, 1, 1}},
    {"stride 2, padding at one end", {1, 9, 8, 33}, 16, {3, 3, 2, 2, 0, 0, 1, 1}},
    {"one channel", {1, 4, 4, 1}, 5, {3, 3, 1, 1, 1, 1, 1, 1}},
    {"one pixel", {1, 1, 1, 100}, 21, {}},
    {"more pixels than a block", {1, 31, 29, 8}, 16, {3, 3, 1, 1, 1, 1, 1, 1}},
    {"sums in several parts", {1, 4, 5, 600}, 64, {3, 3, 1, 1, 1, 1, 1, 1}},
    {"many channels of each kind", {1, 6, 7, 128}, 112, {3, 3, 1, 1, 1, 1, 1, 1}},
    {"rows longer than a run", {2, 5, 67, 40}, 48, {3, 3, 1, 1, 1, 1, 1, 1}},
    {"rows of whole runs", {1, 5, 64, 36}, 33, {3, 3, 2, 2, 1, 1, 1, 1}},
    {"a row of taps in one block", {2, 6, 33, 10}, 24, {3, 3, 1, 1, 1, 1, 1, 1}},
    {"rows of taps, stride 2", {1, 7, 66, 24}, 40, {3, 3, 2, 2, 1, 1, 1, 1}},
    {"a wide kernel", {1, 6, 37, 20}, 16, {5, 5, 1, 1, 2, 2, 2, 2}},
    {"more rows than the picture", {1, 8, 35, 32}, 32, {3, 3, 1, 1, 2, 1, 2, 1}},
    {"dilated", {1, 9, 40, 34}, 32, {3, 3, 1, 1, 2, 2, 2, 2, 2, 2}},
};

/// Returns integers from least to most, both of which occur in each row.
std::vector<float> whole_numbers(std::size_t count, std::size_t row, float least, float most) {
    auto values = numbers(count, 7);
    for (std::size_t i = 0; i < count; ++i) {
        const float range = (most - least) / 2;
        values[i] = std::round(values[i] * range + (most + least) / 2);
        if (i % row == 0) {
            values[i] = (i / row) % 2 == 0 ? most : least;
        }
    }
    return values;
}

/// Returns the kernels for bfloat16.
std::vector<Kernels> bfloat16_kernels() {
    auto found = reduced_kernels();
    std::erase_if(found, [](const Kernels& table) { return table.bfloat16 == nullptr; });
    return found;
}

/// The common part of both kinds: a case with integers, in float32 and in Reduced.
template <typename Reduced>
void check_exactness(const Case& layer, const Kernels& table, float least, float most,
                     float largest_weight) {
    const std::size_t taps = layer.geometry.taps();
    const auto input = whole_numbers(layer.input.pixels() * layer.input.channels, 3, least, most);
    const auto weights =
        whole_numbers(layer.outputs * layer.input.channels * taps, layer.input.channels * taps,
                      -largest_weight, largest_weight);
    const auto bias = whole_numbers(layer.outputs, 5, -9, 9);
    const Convolution exact(table, layer.geometry, weights, bias, Activation::relu,
                            Convolution::Method::direct);
    const Reduced reduced(table, layer.geometry, weights, bias, Activation::relu);
    CAPTURE(layer.name);
    CHECK(run(reduced, table, {{layer.input, input}}) == run(exact, table, {{layer.input, input}}));
}

}  // namespace

TEST_CASE("products of bfloat16 values are exact") {
    for (const auto& table : bfloat16_kernels()) {
        for (const auto& layer : cases) {
            check_exactness<Bfloat16Convolution>(layer, table, -100, 100, 31);
        }
    }
}

TEST_CASE("bfloat16 feature maps are convolved, and so are residuals") {
    for (const auto& table : bfloat16_kernels()) {
        for (const auto& layer : cases) {
            for (const auto activation : {Activation::none, Activation::silu}) {
                CAPTURE(layer.name);
                CAPTURE(static_cast<int>(activation));
                const std::size_t taps = layer.geometry.taps();
                const std::size_t inputs = layer.input.channels;
                // Values that bfloat16 represents exactly, and sums of similar magnitude.
                auto weights = whole_numbers(layer.outputs * inputs * taps, 3, -31, 31);
                for (auto& weight : weights) {
                    weight /= 1024;
                }
                const auto bias = numbers(layer.outputs, 3);
                const auto input = whole_numbers(layer.input.pixels() * inputs, 3, -100, 100);
                auto size = layer.input;
                size.element = Element::bfloat16;
                const Convolution exact(table, layer.geometry, weights, bias, activation,
                                        Convolution::Method::direct);
                const Bfloat16Convolution reduced(table, layer.geometry, weights, bias, activation,
                                                  Element::bfloat16);
                auto output = exact.output_size(std::vector{layer.input});
                const auto residual =
                    whole_numbers(output.pixels() * output.channels, 7, -100, 100);
                const auto expected = run(exact, table, {{layer.input, input}, {output, residual}});
                output.element = Element::bfloat16;
                const auto found = run(reduced, table, {{size, input}, {output, residual}});
                REQUIRE(found.size() == expected.size());
                for (std::size_t i = 0; i < found.size(); ++i) {
                    const float before = expected[i] - residual[i];
                    REQUIRE(std::abs(found[i] - expected[i]) <=
                            std::abs(expected[i]) / 256 + std::abs(before) / 4096 + 1e-4);
                }
            }
        }
    }
}

TEST_CASE("a part of the channels of a bfloat16 feature map is convolved") {
    constexpr std::size_t channels = 24;
    constexpr ConvolutionGeometry square{3, 3, 1, 1, 1, 1, 1, 1};
    PictureSize size{1, 7, 40, channels, Element::bfloat16};
    PictureSize wide = size;
    wide.channels = 3 * channels;
    const auto weights = whole_numbers(32 * channels * 9, 3, -31, 31);
    const auto values = whole_numbers(wide.pixels() * wide.channels, 3, -100, 100);
    std::vector<float> part;
    for (std::size_t pixel = 0; pixel < wide.pixels(); ++pixel) {
        const auto first =
            values.begin() + static_cast<std::ptrdiff_t>(pixel * wide.channels + channels);
        part.insert(part.end(), first, first + channels);
    }
    for (const auto& table : bfloat16_kernels()) {
        const Bfloat16Convolution convolution(table, square, weights, std::vector<float>(32),
                                              Activation::none);
        OwnPicture picture(wide, values, table);
        auto view = read_only(picture.view());
        view.size = size;
        view.data += size.floats();
        auto output_size = convolution.output_size(std::vector{size});
        OwnPicture output(output_size);
        ThreadPool pool(2);
        Memory shared;
        Memory converted;
        convolution.run({table, pool, shared, converted}, std::vector{view}, output.view());
        CHECK(output.numbers(table) == run(convolution, table, {{size, part}}));
    }
}

TEST_CASE("operations on bfloat16 feature maps round the float32 results") {
    constexpr ConvolutionGeometry square{3, 3, 1, 1, 1, 1, 1, 1};
    constexpr ConvolutionGeometry strided{5, 3, 2, 2, 2, 0, 1, 1};
    const PictureSize size{2, 7, 9, 54};
    const PictureSize single{.images = 2, .channels = 54};
    const PictureSize wide{1, 9, 10, 48};
    for (const auto& table : bfloat16_kernels()) {
        const auto check = [&](const Operation& plain, const Operation& reduced,
                               std::vector<PictureSize> sizes) {
            std::vector<std::pair<PictureSize, std::vector<float>>> inputs;
            std::vector<std::pair<PictureSize, std::vector<float>>> rounded;
            for (std::size_t i = 0; i < sizes.size(); ++i) {
                auto element = Element::float32;
                auto values = numbers(sizes[i].pixels() * sizes[i].channels,
                                      static_cast<std::uint32_t>(i) + 1);
                if (sizes[i].height > 1) {
                    element = Element::bfloat16;
                    PictureSize as_pairs{1, 1, 1, values.size(), element};
                    values = OwnPicture(as_pairs, values, table).numbers(table);
                }
                inputs.emplace_back(sizes[i], values);
                sizes[i].element = element;
                rounded.emplace_back(sizes[i], values);
            }
            const auto expected = run(plain, table, inputs);
            const auto found = run(reduced, table, rounded);
            CAPTURE(plain.name());
            REQUIRE(found.size() == expected.size());
            for (std::size_t i = 0; i < found.size(); ++i) {
                REQUIRE(std::abs(found[i] - expected[i]) <=
                        std::abs(expected[i]) / 256 + 1.0 / 4096);
            }
        };
        const auto check_same = [&](const Operation& operation, std::vector<PictureSize> sizes) {
            check(operation, operation, std::move(sizes));
        };
        for (const auto& geometry : {square, strided}) {
            const auto weights = numbers(54 * geometry.taps(), 3);
            const auto bias = numbers(54, 4);
            check(DepthwiseConvolution(table, geometry, weights, bias, Activation::silu),
                  DepthwiseConvolution(table, geometry, weights, bias, Activation::silu,
                                       Element::bfloat16),
                  {size});
            check_same(MaximumPool(geometry), {size});
        }
        const auto weights = numbers(std::size_t{32} * 48 * 9, 3);
        const auto bias = numbers(32, 4);
        check(Convolution(table, square, weights, bias, Activation::silu,
                          Convolution::Method::winograd),
              Convolution(table, square, weights, bias, Activation::silu,
                          Convolution::Method::winograd, Element::bfloat16),
              {wide, {1, 9, 10, 32}});
        check_same(Pixelwise(Activation::sigmoid), {size, size});
        check_same(Pixelwise(Activation::none), {size});
        check_same(ChannelScale(), {size, single});
        check_same(ChannelShift(), {size, single});
        check_same(NearestUpsample(2, 3), {size});
        check_same(GlobalMean(), {size});
    }
}

TEST_CASE("bfloat16 values are rounded to nearest, ties to even") {
    for (const auto& table : bfloat16_kernels()) {
        const Bfloat16Convolution twice(table, {}, std::vector{2.0F}, std::vector{0.0F},
                                        Activation::none);
        const std::vector<float> input{1.00390625F, 1.01171875F, 1.004F, -1.004F};
        CHECK(run(twice, table, {{{1, 1, 4, 1}, input}}) ==
              std::vector<float>{2.0F, 2.03125F, 2.015625F, -2.015625F});
    }
}

TEST_CASE("products of bytes are exact for any zero point") {
    for (const auto& table : reduced_kernels()) {
        for (const auto& layer : cases) {
            check_exactness<Int8Convolution>(layer, table, 0, 255, 127);
            check_exactness<Int8Convolution>(layer, table, -100, 155, 127);
            check_exactness<Int8Convolution>(layer, table, -255, 0, 127);
        }
    }
}

TEST_CASE("0 is represented exactly by bytes, in the feature map and its padding") {
    for (const auto& table : reduced_kernels()) {
        const PictureSize size{1, 8, 8, 4};
        std::vector<float> input(size.pixels() * size.channels);
        input[0] = -0.3F;
        input[1] = 0.7123F;
        const auto weights = numbers(std::size_t{5} * 4 * 9, 2);
        const std::vector<float> bias{1, 2, 3, 4, 5};
        const Int8Convolution convolution(table, {3, 3, 1, 1, 1, 1, 1, 1}, weights, bias,
                                          Activation::none);
        const auto output = run(convolution, table, {{size, input}});
        for (std::size_t pixel = size.width * 2; pixel < size.pixels(); ++pixel) {
            for (std::size_t channel = 0; channel < bias.size(); ++channel) {
                REQUIRE(output[pixel * bias.size() + channel] ==
                        doctest::Approx(bias[channel]).epsilon(1e-6));
            }
        }
    }
}

TEST_CASE("bytes of a constant feature map are 0") {
    for (const auto& table : reduced_kernels()) {
        const Int8Convolution convolution(table, {}, std::vector{2.0F}, std::vector{0.5F},
                                          Activation::none);
        const PictureSize size{1, 1, 2, 1};
        CHECK(run(convolution, table, {{size, {0, 0}}}) == std::vector<float>{0.5F, 0.5F});
        const float beyond = std::numeric_limits<float>::infinity();
        CHECK(run(convolution, table, {{size, {beyond, 1}}}).size() == 2);
    }
}
