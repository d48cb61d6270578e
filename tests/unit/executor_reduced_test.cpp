// Convolutions of bfloat16 numbers and of bytes: where all numbers are ones that these can hold,
// they give what the float32 convolution gives.
#include "executor/bfloat16_convolution.hpp"
#include "executor/convolution.hpp"
#include "executor/int8_convolution.hpp"
#include "executor_fixtures.hpp"
#include "reduced_kernels.hpp"
#include "run_operation.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
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
};

/// Whole numbers from least to most, both of which occur in each row.
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

/// Those with kernels for bfloat16 numbers.
std::vector<Kernels> bfloat16_kernels() {
    auto found = reduced_kernels();
    std::erase_if(found, [](const Kernels& table) { return table.bfloat16 == nullptr; });
    return found;
}

/// What both kinds have in common: a case with whole numbers, in float32 and in Reduced.
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

TEST_CASE("products of bfloat16 numbers are exact") {
    for (const auto& table : bfloat16_kernels()) {
        for (const auto& layer : cases) {
            check_exactness<Bfloat16Convolution>(layer, table, -100, 100, 31);
        }
    }
}

TEST_CASE("bfloat16 numbers are the nearest ones, even where two are as near") {
    for (const auto& table : bfloat16_kernels()) {
        const Bfloat16Convolution twice(table, {}, std::vector{2.0F}, std::vector{0.0F},
                                        Activation::none);
        const std::vector<float> input{1.00390625F, 1.01171875F, 1.004F, -1.004F};
        CHECK(run(twice, table, {{{1, 1, 4, 1}, input}}) ==
              std::vector<float>{2.0F, 2.03125F, 2.015625F, -2.015625F});
    }
}

TEST_CASE("products of bytes are exact, whatever stands for 0") {
    for (const auto& table : reduced_kernels()) {
        for (const auto& layer : cases) {
            check_exactness<Int8Convolution>(layer, table, 0, 255, 127);
            check_exactness<Int8Convolution>(layer, table, -100, 155, 127);
            check_exactness<Int8Convolution>(layer, table, -255, 0, 127);
        }
    }
}

TEST_CASE("0 is a byte of its own, in the picture and around it") {
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

TEST_CASE("bytes of a picture without any range are 0") {
    for (const auto& table : reduced_kernels()) {
        const Int8Convolution convolution(table, {}, std::vector{2.0F}, std::vector{0.5F},
                                          Activation::none);
        const PictureSize size{1, 1, 2, 1};
        CHECK(run(convolution, table, {{size, {0, 0}}}) == std::vector<float>{0.5F, 0.5F});
        const float beyond = std::numeric_limits<float>::infinity();
        CHECK(run(convolution, table, {{size, {beyond, 1}}}).size() == 2);
    }
}
