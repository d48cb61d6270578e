// SPDX-License-Identifier: Apache-2.0
// The functions that this library needs from LibTorch, as a table. They are in a library of their
// own, which is loaded on first use: published and compiled networks run without it. The interface
// passes arrays, graphs and files, and nothing of the executor.
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

/// A network that LibTorch runs. One call at a time.
class TorchNetwork {
public:
    TorchNetwork() = default;
    virtual ~TorchNetwork() = default;
    TorchNetwork(const TorchNetwork&) = delete;
    TorchNetwork& operator=(const TorchNetwork&) = delete;

    /// @return the network's output, or the first of them if it gives several
    virtual FloatArray forward(const FloatArray& input) = 0;
};

struct TorchRunOptions {
    Device device = {};
    int threads = 1;
};

/// A graph, or why there is none.
struct ReadTorchScript {
    std::optional<graph::Graph> graph;
    std::string reason;  ///< Names the first operation that graphs do not have.
};

/// A file of TorchScript, loaded by LibTorch.
class TorchScript {
public:
    TorchScript() = default;
    virtual ~TorchScript() = default;
    TorchScript(const TorchScript&) = delete;
    TorchScript& operator=(const TorchScript&) = delete;

    /// Its graph. The weights are LibTorch's, in memory, and may outlive this object.
    virtual ReadTorchScript graph() = 0;
    /// The network on a device. Its weights move there: to be called at most once, and last.
    virtual std::unique_ptr<TorchNetwork> interpret(const TorchRunOptions& options) = 0;
};

/// Called with the bytes of a weight that is not needed any more.
using Release = std::function<void(std::string_view)>;

/// Texts that are stored in an archive beside the network, by name.
using ExtraFiles = std::map<std::string, std::string>;

/// All functions throw ModelError model_invalid for what is no TorchScript or damaged, and
/// unsupported_hardware for a device that is not there; std::exception where LibTorch does.
struct TorchPlugin {
    std::unique_ptr<TorchScript> (*load_file)(const PackageFile& file);
    std::unique_ptr<TorchNetwork> (*load_graph)(const graph::Graph& graph,
                                                const TorchRunOptions& options);
    /// Writes TorchScript, its weights as float32. Needs little memory, however large the network
    /// is, if `release` gives memory back: converted weights wait in a temporary file.
    /// @param extra_files by name; in the archive's folder extra/
    /// @param file        does not exist; not complete until this function has returned
    /// @param release     may be empty; called as soon as a weight has been converted or written
    /// @throws IoError
    void (*write)(const graph::Graph& graph, const ExtraFiles& extra_files,
                  const std::filesystem::path& file, const Release& release);
    RuntimeInfo (*runtime_info)();
};

/// Loads the plug-in with the first call. Thread-safe.
/// @throws ModelError (unsupported_hardware) if this build has none, or if it, or LibTorch, is not
/// there
const TorchPlugin& torch_plugin();

}  // namespace speciesnet
