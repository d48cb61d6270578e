// Weights, in the order in which kernels read them. That takes most of the time of a lowering, so
// threads share it.
#include "executor/bfloat16_buffers.hpp"
#include "executor/bfloat16_convolution.hpp"
#include "executor/convolution.hpp"
#include "executor/int8_convolution.hpp"
#include "executor/pooling.hpp"
#include "torchscript/graph_lowering.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace speciesnet {
namespace {

using executor::Activation;
using executor::Bfloat16Convolution;
using executor::Convolution;
using executor::DepthwiseConvolution;
using executor::Element;
using executor::Int8Convolution;

/// How a convolution is computed.
enum class Way { depthwise, int8, bfloat16, winograd, direct };

Way way_of(const executor::Kernels& kernels, const ConvolutionNode& convolution,
           Precision precision) {
    if (convolution.is_depthwise) {
        return Way::depthwise;
    }
    if (precision == Precision::int8) {
        return Way::int8;
    }
    const bool suits_winograd = Convolution::suits_winograd(
        kernels, convolution.geometry, convolution.inputs(), convolution.outputs());
    // Except on AMX, Winograd's method saves more than bfloat16 products; and it rounds less.
    if (precision == Precision::bfloat16 &&
        (!suits_winograd || kernels.bfloat16->is_faster_than_winograd)) {
        return Way::bfloat16;
    }
    return suits_winograd ? Way::winograd : Way::direct;
}

/// Operation::takes() of what will be the operation.
bool takes(Way way, std::span<const Element> inputs, Element output) {
    switch (way) {
        case Way::bfloat16:
            return executor::are_all(inputs.subspan(1), output);
        case Way::depthwise:
        case Way::winograd:
            return executor::are_all(inputs, output);
        case Way::int8:
        case Way::direct:
            break;
    }
    return executor::are_all(inputs, Element::float32) && output == Element::float32;
}

/// @param element of what it gives
std::unique_ptr<executor::Operation> operation(const executor::Kernels& kernels,
                                               const ConvolutionNode& convolution,
                                               std::span<const float> weights,
                                               Activation activation, Precision precision,
                                               Element element) {
    const auto& geometry = convolution.geometry;
    const auto& bias = convolution.bias;
    switch (way_of(kernels, convolution, precision)) {
        case Way::depthwise:
            return std::make_unique<DepthwiseConvolution>(kernels, geometry, weights, bias,
                                                          activation, element);
        case Way::int8:
            return std::make_unique<Int8Convolution>(kernels, geometry, weights, bias, activation);
        case Way::bfloat16:
            return std::make_unique<Bfloat16Convolution>(kernels, geometry, weights, bias,
                                                         activation, element);
        case Way::winograd:
            return std::make_unique<Convolution>(kernels, geometry, weights, bias, activation,
                                                 Convolution::Method::winograd, element);
        case Way::direct:
            break;
    }
    return std::make_unique<Convolution>(kernels, geometry, weights, bias, activation,
                                         Convolution::Method::direct);
}

}  // namespace

void GraphLowering::pack_weights() {
    if (options_.precision == Precision::bfloat16) {
        std::map<std::size_t, Way> ways;
        for (const auto& unpacked : unpacked_) {
            ways[unpacked.step] =
                way_of(options_.kernels, unpacked.convolution, unpacked.precision);
        }
        executor::use_bfloat16(network_.plan, [&](std::size_t step, auto inputs, Element output) {
            return takes(ways.at(step), inputs, output);
        });
    }
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
        const auto output = network_.plan.steps()[unpacked.step].output;
        network_.plan.supply(unpacked.step,
                             operation(options_.kernels, convolution, weights, unpacked.activation,
                                       unpacked.precision, network_.plan.element(output)));
    });
    unpacked_.clear();
}

}  // namespace speciesnet
