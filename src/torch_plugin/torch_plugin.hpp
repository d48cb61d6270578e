// SPDX-License-Identifier: Apache-2.0
// The functions that this library needs from LibTorch, as a table. They are in a separate library,
// which is loaded on first use: published and compiled networks run without it. The interface
// passes arrays, graphs and files, but no types of the executor.
#pragma once

#include "speciesnet/inference.hpp"
#include "speciesnet/model.hpp"
#include "speciesnet/runtime.hpp"

#include "graph/float_array.hpp"
#include "graph/graph.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet {

/// A network that LibTorch runs. Not thread-safe.
class TorchNetwork {
public:
    TorchNetwork() = default;
    virtual ~TorchNetwork() = default;
    TorchNetwork(const TorchNetwork&) = delete;
    TorchNetwork& operator=(const TorchNetwork&) = delete;

    /// @return the network's output, or the first one if it has several
    virtual FloatArray forward(const FloatArray& input) = 0;
};

struct TorchRunOptions {
    Device device = {};
    int threads = 1;
};

/// A graph, or the reason why there is none.
struct ReadTorchScript {
    std::optional<graph::Graph> graph;
    std::string reason;  ///< Names the first operation that graphs lack.
};

/// A TorchScript file loaded by LibTorch.
class TorchScript {
public:
    TorchScript() = default;
    virtual ~TorchScript() = default;
    TorchScript(const TorchScript&) = delete;
    TorchScript& operator=(const TorchScript&) = delete;

    /// Returns its graph. LibTorch owns the weights, which are in memory and may outlive this
    /// object.
    virtual ReadTorchScript graph() = 0;
    /// Returns the network on a device. Moves the weights there: call it at most once, and last.
    virtual std::unique_ptr<TorchNetwork> interpret(const TorchRunOptions& options) = 0;
};

/// Called with the bytes of a weight that is no longer needed.
using Release = std::function<void(std::string_view)>;

/// Texts by name that are stored in an archive beside the network.
using ExtraFiles = std::map<std::string, std::string>;

/// All functions throw ModelError: model_invalid if the file is damaged or not TorchScript, and
/// unsupported_hardware if a device is not available. Exceptions of LibTorch are std::exception.
struct TorchPlugin {
    std::unique_ptr<TorchScript> (*load_file)(const PackageFile& file);
    std::unique_ptr<TorchNetwork> (*load_graph)(const graph::Graph& graph,
                                                const TorchRunOptions& options);
    /// Writes TorchScript with float32 weights. Needs little memory for a network of any size if
    /// `release` frees memory: converted weights are kept in a temporary file.
    /// @param extra_files by name; written to the archive's folder extra/
    /// @param file        does not exist; incomplete until this function returns
    /// @param release     may be empty; called as soon as a weight has been converted or written
    /// @throws IoError
    void (*write)(const graph::Graph& graph, const ExtraFiles& extra_files,
                  const std::filesystem::path& file, const Release& release);
    RuntimeInfo (*runtime_info)();
};

/// Loads the plug-in on the first call. Thread-safe.
/// @throws ModelError (unsupported_hardware) if this build has no plug-in, or if the plug-in or
/// LibTorch is not available
const TorchPlugin& torch_plugin();

}  // namespace speciesnet
