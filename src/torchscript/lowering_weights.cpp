// Weights, in the order in which kernels read them. That takes most of the time of a lowering, so
// threads share it.
#include "executor/bfloat16_buffers.hpp"
#include "executor/convolution_choice.hpp"
#include "torchscript/graph_lowering.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace speciesnet {
namespace {

using executor::ConvolutionWay;
using executor::Element;

ConvolutionWay way_of(const executor::Kernels& kernels, const ConvolutionNode& convolution,
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

}  // namespace

void GraphLowering::pack_weights() {
    std::map<std::size_t, ConvolutionWay> ways;
    for (const auto& unpacked : unpacked_) {
        ways[unpacked.step] = way_of(options_.kernels, unpacked.convolution, unpacked.precision);
    }
    if (options_.precision == Precision::bfloat16) {
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
                             make_convolution(options_.kernels, ways.at(unpacked.step),
                                              convolution.geometry, weights, convolution.bias,
                                              unpacked.activation, network_.plan.element(output)));
    });
    unpacked_.clear();
}

}  // namespace speciesnet
