// SPDX-License-Identifier: Apache-2.0
// Converts layers of torch.nn to nodes of a graph.
#pragma once

#include "graph/graph.hpp"
#include "import/checkpoint_weights.hpp"
#include "import/torch_module.hpp"

#include <cstddef>
#include <optional>

namespace speciesnet {

class TorchLayers {
public:
    /// Both must outlive this object.
    TorchLayers(CheckpointWeights& weights, graph::Graph& graph)
        : weights_(weights), graph_(graph) {}

    /// Adds a layer with the behaviour of eval mode.
    /// @return its output; nothing if the layer is unknown here
    /// @throws ModelError (model_invalid) if the layer is known but has something that is not
    /// supported
    std::optional<graph::Value> add(const TorchModule& layer, graph::Value input);

    /// Counts a module that is added, because a file can refer to one module so often that adding
    /// it would take forever. @throws ModelError (model_invalid)
    void count(const TorchModule& module);

private:
    graph::Operation convolution(const TorchModule& layer);
    graph::Operation batch_norm(const TorchModule& layer);
    graph::Operation linear(const TorchModule& layer);

    CheckpointWeights& weights_;
    graph::Graph& graph_;
    std::size_t modules_ = 0;
};

}  // namespace speciesnet
