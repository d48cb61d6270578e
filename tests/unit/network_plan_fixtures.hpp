// SPDX-License-Identifier: Apache-2.0
// Small complete plans, and an estimate of their cost.
#pragma once

#include "executor/calibrated_convolution.hpp"
#include "executor/convolution.hpp"
#include "executor/grid_boxes.hpp"
#include "executor/pixelwise.hpp"
#include "executor/pooling.hpp"
#include "executor_fixtures.hpp"
#include "network/plan_network.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace speciesnet {

/// Returns a network for feature maps of three channels: arithmetic, a convolution whose input is
/// merged, a pool, a convolution with a residual, and both concatenated. Then boxes of two grids
/// (executor::Axes::pixels), a mean (executor::Axes::channels), or nothing.
inline executor::NetworkPlan small_network_plan(const executor::Kernels& kernels,
                                                executor::Axes output) {
    using namespace executor;
    constexpr std::size_t channels = 8;
    constexpr std::size_t numbers_of_box = 6;
    const auto convolution = [&](std::size_t inputs, std::size_t outputs,
                                 const ConvolutionGeometry& geometry, std::uint32_t seed) {
        return std::make_unique<Convolution>(
            kernels, geometry, numbers(outputs * inputs * geometry.taps(), seed),
            numbers(outputs, seed + 1), Activation::silu, Convolution::Method::direct);
    };
    executor::NetworkPlan whole{.plan = {}, .channels_first = true, .output = output};
    auto& plan = whole.plan;
    const auto input = plan.add_input({.channels = 3,
                                       .arithmetic = {{ScalarArithmetic::Kind::multiply, 2.0F},
                                                      {ScalarArithmetic::Kind::add, -1.0F},
                                                      {ScalarArithmetic::Kind::divide, 3.0F}},
                                       .merged = ConvolutionGeometry{3, 3, 1, 1, 1, 1, 1, 1}});
    const auto first =
        plan.add(convolution(9, channels, {.kernel_height = 3}, 1), {input}, channels);
    const auto pooled =
        plan.add(std::make_unique<MaximumPool>(ConvolutionGeometry{3, 3, 2, 2, 1, 1, 1, 1}),
                 {first}, channels);
    const auto second =
        plan.add(convolution(channels, channels, {}, 3), {pooled, pooled}, channels);
    const auto both = plan.concatenate({pooled, second});
    if (output == executor::Axes::pixels) {
        const auto fine = plan.add(convolution(2 * channels, 2 * numbers_of_box, {}, 5), {both},
                                   2 * numbers_of_box);
        const auto coarse = plan.add(convolution(2 * channels, numbers_of_box, {1, 1, 2, 2}, 7),
                                     {both}, numbers_of_box);
        plan.keep(
            plan.add(std::make_unique<GridBoxes>(
                         std::vector<GridBoxes::Grid>{{.stride = 2, .anchors = {{3, 4}, {5, 6}}},
                                                      {.stride = 4, .anchors = {{7, 8}}}},
                         numbers_of_box),
                     {fine, coarse}, numbers_of_box));
    } else if (output == executor::Axes::channels) {
        plan.keep(plan.add(std::make_unique<GlobalMean>(), {both}, 2 * channels));
    } else {
        plan.keep(both);
    }
    return whole;
}

/// Two calibrated convolutions, of which the first gives bytes, and one with them as its residual.
/// @param kernels have int8
inline executor::NetworkPlan calibrated_network_plan(const executor::Kernels& kernels) {
    using namespace executor;
    constexpr std::size_t channels = 8;
    const std::vector<ByteRange> input_ranges(3, {.least = -1, .most = 1});
    const std::vector<ByteRange> ranges(channels, {.least = -0.3F, .most = 2});
    const auto convolution = [&](const std::vector<ByteRange>& from, Element element,
                                 std::uint32_t seed) {
        return std::make_unique<CalibratedConvolution>(
            kernels, ConvolutionGeometry{3, 3, 1, 1, 1, 1, 1, 1},
            numbers(channels * from.size() * 9, seed), numbers(channels, seed + 1),
            Activation::silu, from, element);
    };
    NetworkPlan whole{.plan = {}, .channels_first = true, .output = Axes::picture};
    auto& plan = whole.plan;
    const auto input = plan.add_input({.channels = 3});
    const auto first =
        plan.add(convolution(input_ranges, Element::byte, 1), {input}, channels, Element::byte);
    const auto second =
        plan.add(convolution(ranges, Element::byte, 3), {first, first}, channels, Element::byte);
    for (const auto value : {first, second}) {
        plan.set_ranges(plan.value(value).buffer, ranges);
    }
    plan.keep(plan.add(convolution(ranges, Element::float32, 5), {second}, channels));
    return whole;
}

/// Returns an upper bound of the values that a run of a plan stores and adds; infinite if it cannot
/// run. Plans of damaged files can demand any amount of work.
inline double cost_of(const executor::Plan& plan, const executor::PictureSize& input) {
    using namespace executor;
    constexpr double beyond = std::numeric_limits<double>::infinity();
    const auto product = [](const PictureSize& size, double factor) {
        return static_cast<double>(size.images) * static_cast<double>(size.height) *
               static_cast<double>(size.width) * factor;
    };
    std::map<std::size_t, PictureSize> sizes;  // Of the value in each buffer.
    const auto& layout = plan.inputs().front().layout;
    PictureSize padded = input;
    if (layout.merged) {
        padded.height += layout.merged->pad_top + layout.merged->pad_bottom;
        padded.width += layout.merged->pad_left + layout.merged->pad_right;
        if (padded.width < layout.merged->kernel_width) {
            return beyond;
        }
    }
    double cost = product(padded, static_cast<double>(layout.channels));
    if (layout.merged) {
        padded.width -= layout.merged->kernel_width - 1;
    }
    sizes[plan.value(plan.inputs().front().value).buffer] = padded;
    for (const auto& step : plan.steps()) {
        std::vector<PictureSize> inputs;
        for (const auto value : step.inputs) {
            const auto found = sizes.find(plan.value(value).buffer);
            if (found == sizes.end()) {
                return beyond;
            }
            inputs.push_back(found->second);
            inputs.back().channels = plan.value(value).channels;
        }
        const auto output = step.operation->output_size(inputs);
        const std::size_t buffer = plan.value(step.output).buffer;
        // Whatever the sizes mean, an operation reads at most this many values for one result.
        double work = static_cast<double>(inputs.front().channels);
        for (const auto size : step.operation->record().sizes) {
            work *= std::max(1.0, static_cast<double>(size));
        }
        cost += product(output, work) +
                product(output, static_cast<double>(plan.buffers()[buffer].channels));
        if (!(cost < 1e12)) {
            return beyond;
        }
        sizes[buffer] = output;
    }
    return cost;
}

}  // namespace speciesnet
