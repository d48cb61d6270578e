// SPDX-License-Identifier: Apache-2.0
// Converts single operations of onnx2torch to nodes of a graph.
#pragma once

#include "graph/graph.hpp"
#include "import/checkpoint_weights.hpp"
#include "import/torch_layers.hpp"
#include "import/torch_module.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace speciesnet {

/// A constant tensor of the file, and its name.
struct OnnxConstant {
    std::string name;
    TensorView tensor;
};

/// An operand of an operation.
using Operand = std::variant<graph::Value, OnnxConstant>;

class OnnxOperations {
public:
    /// All must outlive this object.
    OnnxOperations(CheckpointWeights& weights, graph::Graph& graph)
        : weights_(weights), graph_(graph), layers_(weights, graph) {}

    /// Adds the operation of a module.
    /// @return its output; nothing if this operation, or its use with these operands, is not
    /// supported
    /// @throws ModelError (model_invalid) if the module is broken
    std::optional<graph::Value> add(const TorchModule& module,
                                    const std::vector<Operand>& operands);

    /// Returns the operand as a value of the graph; adds a node for a constant.
    graph::Value value(const Operand& operand);

private:
    std::optional<graph::Value> add_unary(const TorchModule& module, graph::Value input);
    std::optional<graph::Value> add_with_constant(std::string_view name, graph::Value input,
                                                  const TensorView& constant);
    std::optional<graph::Value> add_binary(const TorchModule& module, const Operand& first,
                                           const Operand& second);
    std::optional<graph::Value> arithmetic(const TorchModule& module, const Operand& first,
                                           const Operand& second);
    std::optional<graph::Value> pad(const TorchModule& module, graph::Value input);
    std::optional<graph::Value> reduce_mean(const TorchModule& module, graph::Value input);
    graph::Value squeeze(graph::Value input, std::vector<std::int64_t> axes);

    CheckpointWeights& weights_;
    graph::Graph& graph_;
    TorchLayers layers_;
};

}  // namespace speciesnet
