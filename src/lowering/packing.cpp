// Weights are let go as soon as they are packed, so that a network is never in memory twice.
#include "lowering/packing.hpp"

#include "executor/bfloat16_convolution.hpp"
#include "executor/convolution.hpp"
#include "executor/int8_convolution.hpp"
#include "executor/pooling.hpp"
#include "executor/thread_pool.hpp"
#include "lowering/weights.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

namespace speciesnet::lowering {
namespace {

using executor::Bfloat16Convolution;
using executor::Convolution;
using executor::DepthwiseConvolution;
using executor::Int8Convolution;

std::unique_ptr<executor::Operation> operation(const executor::Kernels& kernels,
                                               const UnpackedConvolution& convolution,
                                               std::span<const float> weights,
                                               Precision precision) {
    const auto& geometry = convolution.geometry;
    const auto& bias = convolution.bias;
    const auto activation = convolution.activation;
    if (convolution.is_depthwise) {
        return std::make_unique<DepthwiseConvolution>(kernels, geometry, weights, bias, activation);
    }
    if (precision == Precision::int8) {
        return std::make_unique<Int8Convolution>(kernels, geometry, weights, bias, activation);
    }
    const bool suits_winograd =
        Convolution::suits_winograd(kernels, geometry, convolution.inputs(), convolution.outputs());
    // Except on AMX, Winograd's method saves more than bfloat16; and it rounds less.
    if (precision == Precision::bfloat16 &&
        (!suits_winograd || kernels.bfloat16->is_faster_than_winograd)) {
        return std::make_unique<Bfloat16Convolution>(kernels, geometry, weights, bias, activation);
    }
    return std::make_unique<Convolution>(
        kernels, geometry, weights, bias, activation,
        suits_winograd ? Convolution::Method::winograd : Convolution::Method::direct);
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
    // Large ones first, so that threads end at about the same time.
    std::sort(convolutions.begin(), convolutions.end(), [](const auto& a, const auto& b) {
        return a.convolution.weight_count() > b.convolution.weight_count();
    });
    executor::ThreadPool pool(options.threads);
    pool.run(convolutions.size(), [&](std::size_t item, std::size_t thread) {
        const auto planned = std::move(convolutions[item]);
        const auto& convolution = planned.convolution;
        plan.supply(
            planned.step,
            operation(options.kernels, convolution,
                      final_weights(convolution, pool.scratch(thread, convolution.weight_count())),
                      planned.precision));
        if (options.release && !convolution.stored.empty()) {
            options.release(convolution.stored);
        }
    });
}

}  // namespace speciesnet::lowering
