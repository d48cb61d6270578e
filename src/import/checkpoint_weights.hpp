// SPDX-License-Identifier: Apache-2.0
// The weights that a network uses from a checkpoint.
#pragma once

#include "graph/graph.hpp"
#include "import/checkpoint.hpp"
#include "import/torch_module.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet {

class CheckpointWeights {
public:
    /// @param checkpoint must outlive this object, but not the weights
    /// @param most_bytes maximum size of all weights as float32, so that a small file which refers
    /// to one storage many times cannot fill memory and disk
    CheckpointWeights(Checkpoint& checkpoint, std::uint64_t most_bytes)
        : checkpoint_(checkpoint), most_bytes_(most_bytes) {}

    /// Returns a weight of a module, named after its place; nothing if the module lacks it.
    /// @throws ModelError (model_invalid) if it is not floating-point, or if all weights together
    /// exceed `most_bytes`
    std::optional<graph::Weight> find(const TorchModule& module, std::string_view name);
    /// @throws ModelError (model_invalid) as find(), or if the module lacks it
    graph::Weight get(const TorchModule& module, std::string_view name);

    /// Counts a tensor of the checkpoint as a weight and returns it.
    /// @throws ModelError (model_invalid) as find()
    graph::Weight weight(std::string_view name, TensorView tensor);

private:
    Checkpoint& checkpoint_;
    std::uint64_t bytes_ = 0;
    std::uint64_t most_bytes_;
};

}  // namespace speciesnet
