// SPDX-License-Identifier: Apache-2.0
// Weights are released as soon as they are packed, so that a network is never in memory twice.
#include "lowering/packing.hpp"

#include "executor/bfloat16_buffers.hpp"
#include "executor/convolution_choice.hpp"
#include "executor/thread_pool.hpp"
#include "lowering/weights.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <span>
#include <utility>

namespace speciesnet::lowering {
namespace {

using executor::ConvolutionWay;
using executor::Element;

ConvolutionWay way_of(const executor::Kernels& kernels, const UnpackedConvolution& convolution,
                      Precision precision) {
    if (precision == Precision::int8 && !convolution.is_depthwise) {
        return ConvolutionWay::int8;
    }
    return choose_way(kernels,
                      {.geometry = convolution.geometry,
                       .inputs = convolution.inputs(),
                       .outputs = convolution.outputs(),
                       .is_depthwise = convolution.is_depthwise},
                      precision == Precision::bfloat16 ? Element::bfloat16 : Element::float32);
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

/// The weights that the kernels are to have.
/// @param scratch room for as many; the result may be there
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
        ways[planned.step] = way_of(options.kernels, planned.convolution, planned.precision);
    }
    if (options.precision == Precision::bfloat16) {
        executor::use_bfloat16(plan, [&](std::size_t step, auto inputs, Element output) {
            return takes(ways.at(step), inputs, output);
        });
    }
    // Large ones first, so that threads end at about the same time.
    std::sort(convolutions.begin(), convolutions.end(), [](const auto& a, const auto& b) {
        return a.convolution.weight_count() > b.convolution.weight_count();
    });
    executor::ThreadPool pool(options.threads);
    pool.run(convolutions.size(), [&](std::size_t item, std::size_t thread) {
        const auto planned = std::move(convolutions[item]);
        const auto& convolution = planned.convolution;
        const auto weights =
            final_weights(convolution, pool.scratch(thread, convolution.weight_count()));
        plan.supply(planned.step,
                    make_convolution(options.kernels, ways.at(planned.step), convolution.geometry,
                                     weights, convolution.bias, convolution.activation,
                                     plan.element(plan.steps()[planned.step].output)));
        if (options.release && !convolution.stored.empty()) {
            options.release(convolution.stored);
        }
    });
}

}  // namespace speciesnet::lowering
