// Whether what follows a plan is the decoding of YOLOv5's boxes.
#pragma once

#include "executor/grid_boxes.hpp"
#include "executor/kernels.hpp"

#include <cstddef>
#include <memory>
#include <vector>

#include <torch/csrc/jit/ir/ir.h>

namespace speciesnet {

/// Recognises it by what it computes, since exporters write it in many ways: strides and anchors
/// are read off its results for zeros, and must then give its results for other numbers and sizes.
/// @param after    takes the module, the network's input, and pictures [B,C,H,W]
/// @param channels of these pictures
/// @return nothing if it computes something else
std::unique_ptr<executor::GridBoxes> recognised_boxes(
    const std::shared_ptr<torch::jit::Graph>& after, const std::vector<std::size_t>& channels,
    const executor::Kernels& kernels);

}  // namespace speciesnet
