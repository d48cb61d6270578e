// SPDX-License-Identifier: Apache-2.0
// Releases weights as soon as they are packed, so that a network is never in memory twice.
#include "lowering/packing.hpp"

#include "executor/convolution_choice.hpp"
#include "executor/narrow_buffers.hpp"
#include "executor/observed_ranges.hpp"
#include "executor/thread_pool.hpp"
#include "lowering/weights.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <span>
#include <utility>

namespace speciesnet::lowering {
namespace {

using executor::ByteRange;
using executor::ConvolutionWay;
using executor::Element;
using executor::Plan;

ConvolutionWay way_of(const Options& options, const UnpackedConvolution& convolution,
                      Precision precision) {
    if (precision == Precision::int8 && !convolution.is_depthwise) {
        return options.ranges != nullptr ? ConvolutionWay::calibrated : ConvolutionWay::int8;
    }
    return choose_way(options.kernels,
                      {.geometry = convolution.geometry,
                       .inputs = convolution.inputs(),
                       .outputs = convolution.outputs(),
                       .is_depthwise = convolution.is_depthwise},
                      precision == Precision::bfloat16 ? Element::bfloat16 : Element::float32);
}

/// Sets the ranges of a plan's buffers of bytes.
/// @param ranges one list for each buffer
void use_ranges(const std::vector<std::vector<ByteRange>>& ranges, Plan& plan) {
    for (std::size_t buffer = 0; buffer < ranges.size(); ++buffer) {
        if (plan.buffers()[buffer].element == Element::byte) {
            plan.set_ranges(buffer, ranges[buffer]);
        }
    }
}

/// Returns the ranges of a value's channels; empty if `ranges` is empty.
std::span<const ByteRange> ranges_of(Plan::Value value, const Plan& plan,
                                     const std::vector<std::vector<ByteRange>>& ranges) {
    if (ranges.empty()) {
        return {};
    }
    const auto& entry = plan.value(value);
    return std::span(ranges[entry.buffer]).subspan(entry.first_channel, entry.channels);
}

void apply(const UnpackedConvolution::Factors& factors, std::size_t weights_per_output,
           float* weights) {
    for (const double factor : factors.numbers) {
        float* const end = weights + weights_per_output;
        std::transform(weights, end, weights, [&](float weight) {
            return static_cast<float>(factors.divides ? weight / factor : weight * factor);
        });
        weights = end;
    }
}

/// Returns the weights for the kernels.
/// @param scratch room for all weights; the result may be there
std::span<const float> final_weights(const UnpackedConvolution& convolution, float* scratch) {
    const auto in_place = floats_in_place(convolution.weights);
    if (convolution.factors.empty() && !in_place.empty()) {
        return in_place;
    }
    const std::size_t count = convolution.weight_count();
    copy_floats(convolution.weights, scratch);
    for (const auto& factors : convolution.factors) {
        apply(factors, count / convolution.outputs(), scratch);
    }
    return {scratch, count};
}

}  // namespace

void pack(std::vector<PlannedConvolution> convolutions, const Options& options,
          executor::Plan& plan) {
    std::map<std::size_t, ConvolutionWay> ways;
    for (const auto& planned : convolutions) {
        ways[planned.step] = way_of(options, planned.convolution, planned.precision);
    }
    const auto takes_elements = [&](std::size_t step, auto inputs, Element output) {
        return takes(ways.at(step), inputs, output);
    };
    if (options.precision == Precision::bfloat16) {
        executor::use_narrow(plan, Element::bfloat16, takes_elements);
    }
    std::vector<std::vector<ByteRange>> ranges;
    if (options.precision == Precision::int8 && options.ranges != nullptr) {
        executor::use_narrow(plan, Element::byte, takes_elements);
        ranges = options.ranges->byte_ranges(plan);
        use_ranges(ranges, plan);
    }
    // Starts with large ones, so that threads end at about the same time.
    std::sort(convolutions.begin(), convolutions.end(), [](const auto& a, const auto& b) {
        return a.convolution.weight_count() > b.convolution.weight_count();
    });
    executor::ThreadPool pool(options.threads);
    pool.run(convolutions.size(), [&](std::size_t item, std::size_t thread) {
        const auto planned = std::move(convolutions[item]);
        const auto& convolution = planned.convolution;
        const auto weights =
            final_weights(convolution, pool.scratch(thread, convolution.weight_count()));
        const auto& step = plan.steps()[planned.step];
        plan.supply(
            planned.step,
            make_convolution(options.kernels, ways.at(planned.step), convolution.geometry, weights,
                             convolution.bias, convolution.activation,
                             ranges_of(step.inputs[0], plan, ranges), plan.element(step.output)));
        if (options.release && !convolution.stored.empty()) {
            options.release(convolution.stored);
        }
    });
}

}  // namespace speciesnet::lowering
