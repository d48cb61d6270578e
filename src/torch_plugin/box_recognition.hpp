// SPDX-License-Identifier: Apache-2.0
// Recognises the decoding of YOLOv5's boxes after the last convolutions of a network.
#pragma once

#include "graph/graph.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <torch/csrc/jit/ir/ir.h>

namespace speciesnet {

/// Recognises the decoder by its results, because exporters write it in many ways: strides and
/// anchors are derived from its results for zeros, and must then reproduce its results for other
/// values and sizes.
/// @param tail     takes feature maps [B,C,H,W]
/// @param channels of each feature map
/// @return nothing if it computes something else
std::optional<graph::YoloBoxes> recognised_boxes(const std::shared_ptr<torch::jit::Graph>& tail,
                                                 const std::vector<std::int64_t>& channels);

}  // namespace speciesnet
