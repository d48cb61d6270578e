// SPDX-License-Identifier: Apache-2.0
// Writes graphs as TorchScript.
#pragma once

#include "torch_plugin/torch_plugin.hpp"

#include <filesystem>

#include <torch/csrc/jit/api/module.h>

namespace speciesnet {

/// Returns a module with its own float32 weights.
/// @throws ModelError (model_invalid) if LibTorch cannot compile the graph
torch::jit::Module module_of(const graph::Graph& graph);

/// As TorchPlugin::write().
void write_torchscript(const graph::Graph& graph, const ExtraFiles& extra_files,
                       const std::filesystem::path& file, const Release& release);

}  // namespace speciesnet
