// SPDX-License-Identifier: Apache-2.0
// Chooses the kernels of a convolution.
#pragma once

#include "executor/convolution_geometry.hpp"
#include "executor/kernels.hpp"
#include "executor/operation.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace speciesnet::executor {

/// How the products of a convolution are computed.
enum class ConvolutionWay : std::int32_t {
    direct,
    winograd,
    depthwise,
    bfloat16,
    int8,
    calibrated,  ///< As int8, with ranges that are known.
};

struct ConvolutionShape {
    ConvolutionGeometry geometry;
    std::size_t inputs = 0;
    std::size_t outputs = 0;
    bool is_depthwise = false;
};

/// @param factors bfloat16 if products of such numbers are wanted; a way that is faster may be
/// chosen
ConvolutionWay choose_way(const Kernels& kernels, const ConvolutionShape& shape, Element factors);

/// Operation::takes() of what make_convolution() makes.
bool takes(ConvolutionWay way, std::span<const Element> inputs, Element output);

/// @param weights as the constructors of the operations have them
/// @param ranges  of the input's channels; only for ConvolutionWay::calibrated
/// @param element of what it gives
std::unique_ptr<Operation> make_convolution(const Kernels& kernels, ConvolutionWay way,
                                            const ConvolutionGeometry& geometry,
                                            std::span<const float> weights,
                                            std::span<const float> bias, Activation activation,
                                            std::span<const ByteRange> ranges, Element element);

}  // namespace speciesnet::executor
