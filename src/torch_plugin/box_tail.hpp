// SPDX-License-Identifier: Apache-2.0
// The part of a frozen graph after its last convolutions.
#pragma once

#include "graph/graph.hpp"

#include <optional>
#include <vector>

#include <torch/csrc/jit/ir/ir.h>

namespace speciesnet {

struct BoxTail {
    graph::YoloBoxes boxes;
    std::vector<const torch::jit::Value*> grids;  ///< The feature maps that are decoded.
};

/// @param output output of the graph
/// @return nothing unless `output` is the decoding of boxes and depends only on the results of
/// convolutions
std::optional<BoxTail> box_tail(torch::jit::Graph& frozen, const torch::jit::Value* output);

}  // namespace speciesnet
