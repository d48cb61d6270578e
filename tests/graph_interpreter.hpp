// SPDX-License-Identifier: Apache-2.0
// Computes a graph node by node from the definitions, as a reference for tests.
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

/// Returns a weight that owns its values.
graph::Weight weight(std::vector<float> values, std::vector<std::int64_t> shape);

/// Computes the output. The result of each node is rounded to float32; sums inside it are in double
/// precision.
/// @throws std::exception if a node cannot process its inputs
TestTensor interpret(const graph::Graph& graph, const TestTensor& input);

}  // namespace speciesnet
