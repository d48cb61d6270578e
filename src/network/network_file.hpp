// SPDX-License-Identifier: Apache-2.0
// The file of a network, as passed to the executor or to LibTorch.
#pragma once

#include "speciesnet/model.hpp"

#include "graph/graph.hpp"
#include "lowering/lowering.hpp"
#include "network/compiled_network.hpp"
#include "torch_plugin/torch_plugin.hpp"

#include <memory>
#include <optional>
#include <string>

namespace speciesnet {

/// A published network or TorchScript. Reads nothing before it is needed.
class NetworkFile {
public:
    /// @throws ModelError (model_invalid) for a broken archive
    explicit NetworkFile(const PackageFile& file);

    /// @param threads that bring weights into the kernels' order
    /// @return no plan if the executor does not have all of the network's operations
    /// @throws ModelError (model_invalid) for what is not a network, or damaged;
    /// unsupported_hardware for TorchScript if LibTorch is not there
    lowering::Lowered lower(const executor::KernelSet& target, int threads);

    /// @throws ModelError (model_invalid) for what is not a network, is damaged, or TorchScript
    /// with an operation that graphs do not have; unsupported_hardware as lower()
    graph::Graph graph();

    /// @throws as TorchPlugin's functions
    std::unique_ptr<TorchNetwork> interpret(const TorchRunOptions& options);

private:
    /// Reads the graph, if that has not been done.
    /// @return why there is none; empty if there is
    std::string read_graph();

    PackageFile file_;
    bool is_torchscript_;
    std::optional<graph::Graph> graph_;
    std::unique_ptr<TorchScript> torchscript_;  ///< What has no graph, once it has been loaded.
};

}  // namespace speciesnet
