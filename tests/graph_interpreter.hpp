// SPDX-License-Identifier: Apache-2.0
// Computes a graph node by node, as the definitions say, for tests to compare with.
#pragma once

#include "graph/graph.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace speciesnet {

/// A dense tensor.
struct TestTensor {
    std::vector<std::int64_t> shape;
    std::vector<float> values;
};

/// A weight that owns its numbers.
graph::Weight weight(std::vector<float> values, std::vector<std::int64_t> shape);

/// What the output depends on. Each node's result is rounded to float32; sums are double within it.
/// @throws std::exception if a node cannot take its inputs
TestTensor interpret(const graph::Graph& graph, const TestTensor& input);

}  // namespace speciesnet
