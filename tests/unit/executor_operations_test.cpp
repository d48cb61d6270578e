// SPDX-License-Identifier: Apache-2.0
// Compares the executor's other operations, and plans, with their definitions.
#include "executor/memory.hpp"
#include "executor/pixelwise.hpp"
#include "executor/plan_run.hpp"
#include "executor/pooling.hpp"
#include "executor_fixtures.hpp"
#include "run_operation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace speciesnet::executor;

namespace {

/// Returns a plan of two convolutions whose results are adjacent; one of them is also used alone.
Plan small_plan(const Kernels& table) {
    const auto convolution = [&](std::size_t inputs, std::size_t outputs, std::uint32_t seed) {
        return std::make_unique<Convolution>(
            table, ConvolutionGeometry{}, numbers(inputs * outputs, seed), numbers(outputs, seed),
            Activation::none, Convolution::Method::direct);
    };
    Plan plan;
    const auto input = plan.add_input({.channels = 3});
    const auto first = plan.add(convolution(3, 5, 1), {input}, 5);
    const auto second = plan.add(convolution(5, 2, 2), {first}, 2);
    const auto both = plan.concatenate({first, second, first});
    plan.keep(plan.add(convolution(12, 1, 3), {both}, 1));
    plan.keep(second);
    return plan;
}

}  // namespace

TEST_CASE("a depthwise convolution processes each channel separately") {
    const PictureSize size{2, 5, 6, 21};
    const auto input = numbers(size.pixels() * size.channels, 1);
    const auto weights = numbers(size.channels * 9, 2);
    const auto bias = numbers(size.channels, 3);
    const ConvolutionGeometry geometry{3, 3, 2, 2, 0, 1, 1, 1};
    for (const auto* const set : float32_kernel_sets()) {
        const DepthwiseConvolution operation(set->table(), geometry, weights, bias,
                                             Activation::relu);
        const auto output = run(operation, set->table(), {{size, input}});
        const auto expected = operation.output_size(std::vector{size});
        for (std::size_t i = 0; i < output.size(); ++i) {
            const std::size_t channel = i % size.channels;
            const std::size_t column = i / size.channels % expected.width;
            const std::size_t row = i / size.channels / expected.width % expected.height;
            const std::size_t image = i / size.channels / expected.width / expected.height;
            double sum = bias[channel];
            for (std::size_t tap = 0; tap < 9; ++tap) {
                const std::size_t y = row * 2 + tap / 3;
                const std::size_t x = column * 2 + tap % 3 - 1;
                if (y < size.height && x < size.width) {
                    sum += static_cast<double>(weights[channel * 9 + tap]) *
                           input[((image * size.height + y) * size.width + x) * size.channels +
                                 channel];
                }
            }
            CHECK(output[i] == doctest::Approx(std::max(sum, 0.0)).epsilon(1e-5));
        }
    }
}

TEST_CASE("padding is never the maximum") {
    const MaximumPool pool({3, 3, 1, 1, 1, 1, 1, 1});
    for (const auto* const set : float32_kernel_sets()) {
        const auto output = run(pool, set->table(), {{{1, 2, 3, 1}, {-5, -9, -4, -7, -8, -6}}});
        CHECK(output == std::vector<float>{-5, -4, -4, -5, -4, -4});
    }
}

TEST_CASE("padding counts as zeros in averages and in their divisor") {
    const AveragePool pool({2, 2, 1, 1, 1, 0, 0, 0});
    for (const auto* const set : float32_kernel_sets()) {
        CHECK(run(pool, set->table(), {{{1, 2, 3, 1}, {4, 8, -4, 12, 16, 20}}}) ==
              std::vector<float>{3, 1, 10, 10});
    }
}

TEST_CASE("the mean is computed for each image and channel") {
    for (const auto* const set : float32_kernel_sets()) {
        const auto output =
            run(GlobalMean(), set->table(),
                {{{2, 2, 2, 2}, {1, 10, 2, 20, 3, 30, 6, 60, 0, 1, 0, 1, 0, 1, 4, 1}}});
        CHECK(output == std::vector<float>{3, 30, 1, 1});
    }
}

TEST_CASE("channels are scaled and shifted, feature maps added and enlarged") {
    const PictureSize size{1, 1, 2, 2};
    for (const auto* const set : float32_kernel_sets()) {
        CHECK(
            run(ChannelScale(), set->table(), {{size, {1, 2, 3, 4}}, {{1, 1, 1, 2}, {10, 100}}}) ==
            std::vector<float>{10, 200, 30, 400});
        CHECK(
            run(ChannelShift(), set->table(), {{size, {1, 2, 3, 4}}, {{1, 1, 1, 2}, {10, 100}}}) ==
            std::vector<float>{11, 102, 13, 104});
        CHECK(run(Pixelwise(Activation::relu), set->table(),
                  {{size, {1, -2, 3, -4}}, {size, {10, 20, 30, 40}}}) ==
              std::vector<float>{11, 20, 33, 40});
        CHECK(run(NearestUpsample(2, 1), set->table(), {{size, {1, 2, 3, 4}}}) ==
              std::vector<float>{1, 2, 3, 4, 1, 2, 3, 4});
    }
    CHECK_THROWS(ChannelScale().output_size(std::vector<PictureSize>{size, size}));
    CHECK_THROWS(ChannelShift().output_size(std::vector<PictureSize>{size, size}));
    CHECK_THROWS(
        Pixelwise(Activation::none).output_size(std::vector<PictureSize>{size, {1, 2, 1, 2}}));
}

TEST_CASE("SiLU and sigmoid are accurate over the whole range of values") {
    std::vector<float> values;
    for (float value = -200; value <= 200; value += 0.37F) {
        values.push_back(value);
    }
    const PictureSize size{1, 1, 1, values.size()};
    for (const auto* const set : float32_kernel_sets()) {
        const auto silu = run(Pixelwise(Activation::silu), set->table(), {{size, values}});
        const auto sigmoid = run(Pixelwise(Activation::sigmoid), set->table(), {{size, values}});
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double exact = 1 / (1 + std::exp(-static_cast<double>(values[i])));
            CHECK(std::abs(sigmoid[i] - exact) <= 1.8e-7 * exact + 1e-30);
            CHECK(std::abs(silu[i] - values[i] * exact) <=
                  2.4e-7 * std::abs(values[i] * exact) + 1e-30);
        }
    }
}

TEST_CASE("a plan runs in concatenated feature maps, for one size after another") {
    for (const auto* const set : float32_kernel_sets()) {
        const auto plan = small_plan(set->table());
        Workspace workspace(2);
        PlanRun plan_run(plan, set->table(), workspace);
        for (const std::size_t width : {4U, 1U, 7U}) {
            const PictureSize size{1, 2, width, 3};
            const auto input = numbers(size.pixels() * 3, 9);
            const auto pictures = dense_pictures(input.data(), size, false);
            const auto kept = plan_run.run({&pictures, 1});
            REQUIRE(kept.size() == 2);
            for (std::size_t pixel = 0; pixel < size.pixels(); ++pixel) {
                const auto layer = [](const std::vector<double>& from, std::size_t outputs,
                                      std::uint32_t seed) {
                    const auto weights = numbers(from.size() * outputs, seed);
                    const auto bias = numbers(outputs, seed);
                    std::vector<double> to(bias.begin(), bias.end());
                    for (std::size_t i = 0; i < outputs * from.size(); ++i) {
                        to[i / from.size()] += weights[i] * from[i % from.size()];
                    }
                    return to;
                };
                const auto first =
                    layer({input.begin() + static_cast<std::ptrdiff_t>(pixel * 3),
                           input.begin() + static_cast<std::ptrdiff_t>(pixel * 3 + 3)},
                          5, 1);
                const auto second = layer(first, 2, 2);
                std::vector<double> all(first);
                all.insert(all.end(), second.begin(), second.end());
                all.insert(all.end(), first.begin(), first.end());
                CHECK(*kept[0].pixel(0, pixel / width, pixel % width) ==
                      doctest::Approx(layer(all, 1, 3)[0]).epsilon(1e-5));
                CHECK(kept[1].pixel(0, pixel / width, pixel % width)[1] ==
                      doctest::Approx(second[1]).epsilon(1e-5));
            }
        }
        const std::vector<float> four(4);
        const auto wrong = dense_pictures(four.data(), {1, 1, 1, 4}, false);
        CHECK_THROWS(plan_run.run({&wrong, 1}));
    }
}

TEST_CASE("memory that could not grow is empty, and can grow later") {
    Memory memory(100);
    CHECK_THROWS_AS(memory.reserve(std::numeric_limits<std::size_t>::max()), std::bad_alloc);
    CHECK(memory.size() == 0);
    CHECK(memory.data() == nullptr);
    memory.reserve(50);
    CHECK(memory.size() >= 50);
    CHECK(memory.data() != nullptr);
}

TEST_CASE("an exception of a work item reaches the caller, and the pool continues") {
    ThreadPool pool(3);
    CHECK_THROWS_AS(pool.run(50,
                             [](std::size_t item, std::size_t) {
                                 if (item == 17) {
                                     throw std::runtime_error("17");
                                 }
                             }),
                    std::runtime_error);
    std::vector<int> seen(500);
    pool.run(seen.size(), [&](std::size_t item, std::size_t) { ++seen[item]; });
    CHECK(std::all_of(seen.begin(), seen.end(), [](int times) { return times == 1; }));
}
