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

/// Recognises it by what it computes, since exporters write it in many ways: strides and anchors
/// are read off its results for zeros, and must then give its results for other values and sizes.
/// @param tail     takes images [B,C,H,W]
/// @param channels of these images
/// @return nothing if it computes something else
std::optional<graph::YoloBoxes> recognised_boxes(const std::shared_ptr<torch::jit::Graph>& tail,
                                                 const std::vector<std::int64_t>& channels);

}  // namespace speciesnet
