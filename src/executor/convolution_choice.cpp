// SPDX-License-Identifier: Apache-2.0
// Chooses by measured times (docs/design/performance.md).
#include "executor/convolution_choice.hpp"

#include "executor/bfloat16_convolution.hpp"
#include "executor/calibrated_convolution.hpp"
#include "executor/convolution.hpp"
#include "executor/int8_convolution.hpp"
#include "executor/pooling.hpp"

namespace speciesnet::executor {

ConvolutionWay choose_way(const Kernels& kernels, const ConvolutionShape& shape, Element factors) {
    if (shape.is_depthwise) {
        return ConvolutionWay::depthwise;
    }
    const bool suits_winograd =
        Convolution::suits_winograd(kernels, shape.geometry, shape.inputs, shape.outputs);
    // Except on AMX, Winograd's method saves more time than bfloat16 products, and rounds less.
    if (factors == Element::bfloat16 &&
        (!suits_winograd || kernels.bfloat16->is_faster_than_winograd)) {
        return ConvolutionWay::bfloat16;
    }
    return suits_winograd ? ConvolutionWay::winograd : ConvolutionWay::direct;
}

bool takes(ConvolutionWay way, std::span<const Element> inputs, Element output) {
    switch (way) {
        case ConvolutionWay::bfloat16:
            return inputs[0] != Element::byte && are_all(inputs.subspan(1), output);
        case ConvolutionWay::calibrated:
            return inputs[0] != Element::bfloat16 && are_all(inputs.subspan(1), output);
        case ConvolutionWay::depthwise:
            return are_all(inputs, output);
        case ConvolutionWay::winograd:
            return are_all(inputs, output) && output != Element::byte;
        case ConvolutionWay::int8:
        case ConvolutionWay::direct:
            break;
    }
    return are_all(inputs, Element::float32) && output == Element::float32;
}

std::unique_ptr<Operation> make_convolution(const Kernels& kernels, ConvolutionWay way,
                                            const ConvolutionGeometry& geometry,
                                            std::span<const float> weights,
                                            std::span<const float> bias, Activation activation,
                                            std::span<const ByteRange> ranges, Element element) {
    switch (way) {
        case ConvolutionWay::depthwise:
            return std::make_unique<DepthwiseConvolution>(kernels, geometry, weights, bias,
                                                          activation, element, ranges);
        case ConvolutionWay::int8:
            return std::make_unique<Int8Convolution>(kernels, geometry, weights, bias, activation);
        case ConvolutionWay::calibrated:
            return std::make_unique<CalibratedConvolution>(kernels, geometry, weights, bias,
                                                           activation, ranges, element);
        case ConvolutionWay::bfloat16:
            return std::make_unique<Bfloat16Convolution>(kernels, geometry, weights, bias,
                                                         activation, element);
        case ConvolutionWay::winograd:
            return std::make_unique<Convolution>(kernels, geometry, weights, bias, activation,
                                                 Convolution::Method::winograd, element);
        case ConvolutionWay::direct:
            break;
    }
    return std::make_unique<Convolution>(kernels, geometry, weights, bias, activation,
                                         Convolution::Method::direct);
}

}  // namespace speciesnet::executor
