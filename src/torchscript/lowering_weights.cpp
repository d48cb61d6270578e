// Weights, in the order in which kernels read them. That takes most of the time of a lowering, so
// threads share it.
#include "executor/bfloat16_convolution.hpp"
#include "executor/convolution.hpp"
#include "executor/int8_convolution.hpp"
#include "executor/pooling.hpp"
#include "torchscript/graph_lowering.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet {
namespace {

using executor::Activation;
using executor::Bfloat16Convolution;
using executor::Convolution;
using executor::DepthwiseConvolution;
using executor::Int8Convolution;

std::unique_ptr<executor::Operation> operation(const executor::Kernels& kernels,
                                               const ConvolutionNode& convolution,
                                               std::span<const float> weights,
                                               Activation activation, Precision precision) {
    const auto& geometry = convolution.geometry;
    if (convolution.is_depthwise) {
        return std::make_unique<DepthwiseConvolution>(kernels, geometry, weights, convolution.bias,
                                                      activation);
    }
    if (precision == Precision::int8) {
        return std::make_unique<Int8Convolution>(kernels, geometry, weights, convolution.bias,
                                                 activation);
    }
    const bool suits_winograd =
        Convolution::suits_winograd(kernels, geometry, convolution.inputs(), convolution.outputs());
    // Except on AMX, Winograd's method saves more than bfloat16; and it rounds less.
    if (precision == Precision::bfloat16 &&
        (!suits_winograd || kernels.bfloat16->is_faster_than_winograd)) {
        return std::make_unique<Bfloat16Convolution>(kernels, geometry, weights, convolution.bias,
                                                     activation);
    }
    return std::make_unique<Convolution>(
        kernels, geometry, weights, convolution.bias, activation,
        suits_winograd ? Convolution::Method::winograd : Convolution::Method::direct);
}

}  // namespace

void GraphLowering::pack_weights() {
    // Large ones first, so that threads end at about the same time.
    std::sort(unpacked_.begin(), unpacked_.end(), [](const auto& a, const auto& b) {
        return a.convolution.weights.numel() > b.convolution.weights.numel();
    });
    executor::ThreadPool pool(options_.threads);
    pool.run(unpacked_.size(), [&](std::size_t item, std::size_t thread) {
        // What has been packed is not kept, so that there is never room for all of it twice.
        const auto unpacked = std::move(unpacked_[item]);
        const auto& convolution = unpacked.convolution;
        const auto weights = multiplied_weights(
            convolution,
            pool.scratch(thread, static_cast<std::size_t>(convolution.weights.numel())));
        network_.plan.supply(unpacked.step, operation(options_.kernels, convolution, weights,
                                                      unpacked.activation, unpacked.precision));
    });
    unpacked_.clear();
}

}  // namespace speciesnet
