// SPDX-License-Identifier: Apache-2.0
// Converts operations of TorchScript to nodes of a graph.
#pragma once

#include "graph/graph.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <torch/csrc/jit/ir/ir.h>

namespace speciesnet {

class OperationReader {
public:
    /// @param input of the network; has four axes
    explicit OperationReader(const torch::jit::Value* input);

    /// Adds the operation of a node, whose inputs have been added.
    /// @return false if graphs lack the operation
    bool read(const torch::jit::Node* node);

    bool has(const torch::jit::Value* value) const { return tensors_.contains(value); }

    /// @param ends  the output, or the grids of boxes
    /// @param boxes decodes the ends; null if there is only one, which is the output
    graph::Graph finish(const std::vector<const torch::jit::Value*>& ends,
                        const graph::YoloBoxes* boxes) &&;

private:
    struct Tensor {
        graph::Value value = 0;
        std::int64_t axes = 0;  ///< Number of axes.
    };
    using Result = std::optional<Tensor>;

    /// Returns the result of a node; nothing if graphs lack the operation.
    Result result_of(const torch::jit::Node* node);
    /// As result_of(), for nodes that change only the shape.
    Result reshaped(const torch::jit::Node* node, std::string_view name, const Tensor& from);

    Result convolution(const torch::jit::Node* node, const Tensor& from);
    Result batch_norm(const torch::jit::Node* node, const Tensor& from);
    Result linear(const torch::jit::Node* node, const Tensor& from);
    Result matrix_product(const torch::jit::Node* node);
    Result arithmetic(const torch::jit::Node* node, graph::Arithmetic::Kind kind);
    Result activation(const torch::jit::Node* node, std::string_view name, const Tensor& from);
    Result concatenation(const torch::jit::Node* node);
    Result maximum_pool(const torch::jit::Node* node, const Tensor& from);
    Result average_pool(const torch::jit::Node* node, const Tensor& from);
    Result upsample(const torch::jit::Node* node, const Tensor& from);
    Result pad(const torch::jit::Node* node, const Tensor& from);
    Result mean(const torch::jit::Node* node, std::string_view name, const Tensor& from);
    Result permute(const torch::jit::Node* node, const Tensor& from);
    Result transpose(const torch::jit::Node* node, const Tensor& from);
    Result reshape(const torch::jit::Node* node, const Tensor& from);
    Result flatten(const torch::jit::Node* node, const Tensor& from);
    Result slice(const torch::jit::Node* node, const Tensor& from);

    Tensor add(graph::Operation operation, const std::vector<Tensor>& inputs, std::int64_t axes);
    /// Returns a tensor of the graph, or adds a constant to it.
    Result operand(const torch::jit::Value* value);

    graph::Graph graph_;
    std::unordered_map<const torch::jit::Value*, Tensor> tensors_;
};

}  // namespace speciesnet
