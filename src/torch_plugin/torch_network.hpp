// SPDX-License-Identifier: Apache-2.0
// Networks that LibTorch loads and runs.
#pragma once

#include "torch_plugin/torch_plugin.hpp"

#include <memory>

namespace speciesnet {

// As in TorchPlugin.
std::unique_ptr<TorchScript> load_torchscript(const PackageFile& file);
std::unique_ptr<TorchNetwork> load_graph(const graph::Graph& graph, const TorchRunOptions& options);

}  // namespace speciesnet
