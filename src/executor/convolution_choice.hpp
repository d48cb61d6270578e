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
    calibrated,  ///< Like int8, with known ranges.
};

struct ConvolutionShape {
    ConvolutionGeometry geometry;
    std::size_t inputs = 0;
    std::size_t outputs = 0;
    bool is_depthwise = false;
};

/// @param factors bfloat16 to prefer products of bfloat16; a faster way may be chosen instead
ConvolutionWay choose_way(const Kernels& kernels, const ConvolutionShape& shape, Element factors);

/// Returns Operation::takes() of the operation that make_convolution() creates.
bool takes(ConvolutionWay way, std::span<const Element> inputs, Element output);

/// @param weights in the layout that the constructors of the operations expect
/// @param ranges  ranges of the input's channels; only for ConvolutionWay::calibrated, and for
/// depthwise if the element type is byte
/// @param element element type of the output
std::unique_ptr<Operation> make_convolution(const Kernels& kernels, ConvolutionWay way,
                                            const ConvolutionGeometry& geometry,
                                            std::span<const float> weights,
                                            std::span<const float> bias, Activation activation,
                                            std::span<const ByteRange> ranges, Element element);

}  // namespace speciesnet::executor
