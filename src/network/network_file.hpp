// SPDX-License-Identifier: Apache-2.0
// The file of a network, for the executor or LibTorch.
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

    /// @param threads number of threads that reorder weights for the kernels
    /// @param ranges see lowering::Options
    /// @return no plan if the executor lacks one of the network's operations
    /// @throws ModelError model_invalid if the file is damaged or not a network;
    /// unsupported_hardware for TorchScript if LibTorch is not available
    lowering::Lowered lower(const executor::KernelSet& target, int threads,
                            const executor::ObservedRanges* ranges = nullptr);

    /// @throws ModelError model_invalid if the file is damaged, not a network, or TorchScript with
    /// an operation that graphs lack; unsupported_hardware as lower()
    graph::Graph graph();

    /// @throws as TorchPlugin's functions
    std::unique_ptr<TorchNetwork> interpret(const TorchRunOptions& options);

private:
    /// Reads the graph unless it has been read.
    /// @return why there is no graph; empty if there is one
    std::string read_graph();

    PackageFile file_;
    bool is_torchscript_;
    std::optional<graph::Graph> graph_;
    std::unique_ptr<TorchScript> torchscript_;  ///< The loaded TorchScript, if it has no graph.
};

}  // namespace speciesnet
