// SPDX-License-Identifier: Apache-2.0
// Compares convolutions of the executor with the definition in double precision, on each
// instruction set of the CPU.
#include "executor/convolution.hpp"
#include "executor_fixtures.hpp"

#include <cmath>
#include <ostream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace speciesnet::executor;

namespace {

struct Case {
    std::string name;
    PictureSize input;
    std::size_t outputs;
    ConvolutionGeometry geometry;
    Activation activation = Activation::none;
    bool residual = false;
    Convolution::Method method = Convolution::Method::direct;
};

double exact(const Case& layer, const std::vector<float>& input, const std::vector<float>& weights,
             float bias, std::size_t image, std::size_t row, std::size_t column,
             std::size_t output) {
    const auto& geometry = layer.geometry;
    double sum = bias;
    for (std::size_t y = 0; y < geometry.kernel_height; ++y) {
        for (std::size_t x = 0; x < geometry.kernel_width; ++x) {
            const auto input_row = static_cast<std::ptrdiff_t>(row * geometry.stride_height +
                                                               y * geometry.dilation_height) -
                                   static_cast<std::ptrdiff_t>(geometry.pad_top);
            const auto input_column = static_cast<std::ptrdiff_t>(column * geometry.stride_width +
                                                                  x * geometry.dilation_width) -
                                      static_cast<std::ptrdiff_t>(geometry.pad_left);
            if (input_row < 0 || input_column < 0 ||
                input_row >= static_cast<std::ptrdiff_t>(layer.input.height) ||
                input_column >= static_cast<std::ptrdiff_t>(layer.input.width)) {
                continue;
            }
            const std::size_t pixel =
                ((image * layer.input.height + static_cast<std::size_t>(input_row)) *
                     layer.input.width +
                 static_cast<std::size_t>(input_column)) *
                layer.input.channels;
            for (std::size_t channel = 0; channel < layer.input.channels; ++channel) {
                sum += static_cast<double>(input[pixel + channel]) *
                       weights[((output * layer.input.channels + channel) * geometry.kernel_height +
                                y) *
                                   geometry.kernel_width +
                               x];
            }
        }
    }
    return sum;
}

/// Returns the largest difference from the definition. The output has more channels than the
/// convolution writes; the others must not change.
double largest_error(const Case& layer, const Kernels& table, int threads) {
    const auto input = numbers(layer.input.pixels() * layer.input.channels, 1);
    const auto weights = numbers(layer.outputs * layer.input.channels * layer.geometry.taps(), 2);
    const auto bias = numbers(layer.outputs, 3);
    const Convolution convolution(table, layer.geometry, weights, bias, layer.activation,
                                  layer.method);
    const auto size = convolution.output_size(std::vector{layer.input});
    const std::size_t stride = layer.outputs + 7;
    std::vector<float> output(size.pixels() * stride, -99.0F);
    const auto residual = numbers(size.pixels() * layer.outputs, 4);
    std::vector<ConstPicture> inputs{picture(input.data(), layer.input, layer.input.channels)};
    if (layer.residual) {
        inputs.push_back(picture(residual.data(), size, layer.outputs));
    }
    ThreadPool pool(threads);
    Memory shared;
    Memory converted;
    convolution.run({table, pool, shared, converted}, inputs,
                    picture(output.data() + 3, size, stride));

    double largest = 0;
    for (std::size_t pixel = 0; pixel < size.pixels(); ++pixel) {
        for (std::size_t channel = 0; channel < stride; ++channel) {
            const float found = output[pixel * stride + channel];
            if (channel < 3 || channel >= layer.outputs + 3) {
                REQUIRE(found == -99.0F);
                continue;
            }
            const std::size_t number = channel - 3;
            double expected = activated(
                exact(layer, input, weights, bias[number], pixel / (size.width * size.height),
                      pixel / size.width % size.height, pixel % size.width, number),
                layer.activation);
            if (layer.residual) {
                expected += residual[pixel * layer.outputs + number];
            }
            largest = std::max(largest, std::abs(found - expected));
        }
    }
    return largest;
}

const std::vector<Case> cases{
    {"1x1", {1, 5, 7, 16}, 32, {}},
    {"1x1 of one pixel, channels that fill no vector", {2, 1, 1, 11}, 5, {}, Activation::sigmoid},
    {"3x3, every width of panel", {1, 6, 5, 9}, 16 * 11, {3, 3, 1, 1, 1, 1, 1, 1}},
    {"3x3 of one vector and a bit", {1, 4, 9, 3}, 19, {3, 3, 1, 1, 1, 1, 1, 1}, Activation::relu},
    {"3x3 stride 2", {2, 9, 8, 24}, 80, {3, 3, 2, 2, 1, 1, 1, 1}, Activation::silu},
    {"padding at one end only", {1, 8, 6, 4}, 24, {3, 3, 2, 2, 0, 0, 1, 1}, Activation::silu},
    {"6x6 stride 2", {1, 12, 10, 3}, 40, {6, 6, 2, 2, 2, 2, 2, 2}, Activation::silu},
    {"larger than its picture", {1, 2, 2, 8}, 8, {5, 5, 1, 1, 2, 2, 2, 2}},
    {"strides that differ", {1, 7, 9, 5}, 10, {1, 3, 3, 2, 0, 1, 0, 0}},
    {"residual", {1, 6, 6, 16}, 48, {3, 3, 1, 1, 1, 1, 1, 1}, Activation::silu, true},
    {"so many channels that the sum is cut", {1, 3, 3, 2500}, 48, {}, Activation::none, true},
    {"many taps and channels", {1, 4, 4, 480}, 80, {3, 3, 1, 1, 1, 1, 1, 1}},
    {"dilated", {1, 9, 8, 16}, 32, {3, 3, 2, 1, 2, 4, 2, 4, 2, 4}},
    {"more pixels than a block", {1, 31, 29, 8}, 16, {3, 3, 1, 1, 1, 1, 1, 1}},
};

const std::vector<Case> winograd_cases{
    {"whole tiles", {1, 8, 8, 16}, 16, {3, 3, 1, 1, 1, 1, 1, 1}},
    {"cut tiles", {1, 7, 9, 32}, 48, {3, 3, 1, 1, 1, 1, 1, 1}, Activation::silu, true},
    {"one pixel", {3, 1, 1, 16}, 176, {3, 3, 1, 1, 1, 1, 1, 1}},
    {"no padding", {1, 6, 11, 16}, 32, {3, 3, 1, 1, 0, 0, 0, 0}},
    {"padding at one end only", {2, 5, 6, 16}, 32, {3, 3, 1, 1, 0, 0, 2, 2}, Activation::relu},
    {"padding that differs on all sides", {1, 6, 7, 16}, 16, {3, 3, 1, 1, 2, 0, 1, 3}},
    {"many tiles", {1, 50, 46, 16}, 16, {3, 3, 1, 1, 1, 1, 1, 1}},
    {"many channels", {1, 9, 9, 320}, 160, {3, 3, 1, 1, 1, 1, 1, 1}, Activation::silu},
    {"many tiles of many channels", {200, 1, 1, 192}, 160, {3, 3, 1, 1, 1, 1, 1, 1}},
};

/// For sums of products of values below 1: the rounding of that many float32 additions.
double tolerance(const Case& layer) {
    return 1e-7 * static_cast<double>(layer.input.channels * layer.geometry.taps()) + 2e-6;
}

}  // namespace

TEST_CASE("a convolution matches its definition") {
    for (const auto* const set : float32_kernel_sets()) {
        for (const auto& layer : cases) {
            CAPTURE(layer.name);
            CAPTURE(set->name);
            CHECK(largest_error(layer, set->table(), 1) < tolerance(layer));
            CHECK(largest_error(layer, set->table(), 3) < tolerance(layer));
        }
    }
}

TEST_CASE("Winograd's method gives the same sums") {
    for (const auto* const set : float32_kernel_sets()) {
        for (auto layer : winograd_cases) {
            CAPTURE(layer.name);
            CAPTURE(set->name);
            layer.method = Convolution::Method::winograd;
            CHECK(largest_error(layer, set->table(), 1) < 2 * tolerance(layer));
            CHECK(largest_error(layer, set->table(), 3) < 2 * tolerance(layer));
        }
    }
}

TEST_CASE("each method gives the same bits with any number of threads") {
    constexpr auto winograd = Convolution::Method::winograd;
    const ConvolutionGeometry three_by_three{3, 3, 1, 1, 1, 1, 1, 1};
    const std::vector<Case> layers{
        {"few pixels and panels", {1, 15, 15, 300}, 40, {}},
        {"few pixels of taps", {2, 9, 8, 24}, 16, three_by_three},
        {.name = "few tiles",
         .input = {1, 12, 16, 64},
         .outputs = 48,
         .geometry = three_by_three,
         .method = winograd},
        {.name = "few tiles of two images",
         .input = {2, 5, 6, 16},
         .outputs = 160,
         .geometry = {3, 3, 1, 1, 0, 0, 2, 2},
         .method = winograd},
        {.name = "more tiles than the threads' shared memory holds",
         .input = {1, 44, 52, 480},
         .outputs = 480,
         .geometry = three_by_three,
         .method = winograd},
    };
    for (const auto* const set : float32_kernel_sets()) {
        for (const auto& layer : layers) {
            CAPTURE(layer.name);
            CAPTURE(set->name);
            const auto input = numbers(layer.input.pixels() * layer.input.channels, 1);
            const auto weights =
                numbers(layer.outputs * layer.input.channels * layer.geometry.taps(), 2);
            const Convolution convolution(set->table(), layer.geometry, weights,
                                          numbers(layer.outputs, 3), Activation::silu,
                                          layer.method);
            const auto size = convolution.output_size(std::vector{layer.input});
            const auto residual = numbers(size.pixels() * layer.outputs, 4);
            const auto outputs_of = [&](int threads) {
                std::vector<float> outputs(size.pixels() * layer.outputs, -99.0F);
                ThreadPool pool(threads);
                Memory shared;
                Memory converted;
                convolution.run(
                    {set->table(), pool, shared, converted},
                    std::vector{picture(input.data(), layer.input, layer.input.channels),
                                picture(residual.data(), size, layer.outputs)},
                    picture(outputs.data(), size, layer.outputs));
                return outputs;
            };
            const auto expected = outputs_of(1);
            for (const int threads : {2, 5, 16, 64}) {
                CAPTURE(threads);
                CHECK(outputs_of(threads) == expected);
            }
        }
    }
}

TEST_CASE("a kernel larger than the padded feature map is refused") {
    const ConvolutionGeometry geometry{.kernel_height = 3, .kernel_width = 3};
    CHECK_THROWS(geometry.output_size({1, 2, 9, 1}, 1));
    CHECK_THROWS(geometry.output_size({1, 9, 2, 1}, 1));
    CHECK(geometry.output_size({1, 3, 3, 1}, 4) == PictureSize{1, 1, 1, 4});
}

TEST_CASE("feature maps with other channels and residuals of another size are refused") {
    for (const auto* const set : float32_kernel_sets()) {
        const Convolution convolution(set->table(), {}, numbers(6, 1), numbers(2, 1),
                                      Activation::none, Convolution::Method::direct);
        const PictureSize input{1, 4, 4, 3};
        const PictureSize output{1, 4, 4, 2};
        CHECK(convolution.output_size(std::vector{input, output}) == output);
        CHECK_THROWS(convolution.output_size(std::vector<PictureSize>{{1, 4, 4, 4}}));
        CHECK_THROWS(convolution.output_size(std::vector<PictureSize>{input, {1, 1, 4, 2}}));
    }
}
