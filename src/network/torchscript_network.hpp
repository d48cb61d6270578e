// TorchScript becomes a network that runs. Includes nothing of LibTorch.
#pragma once

#include "speciesnet/inference.hpp"
#include "speciesnet/model.hpp"

#include "executor/kernels.hpp"
#include "executor/workspace.hpp"
#include "network/runnable_network.hpp"

#include <memory>

namespace speciesnet {

struct TorchScriptOptions {
    /// Null leaves everything to LibTorch's interpreter, as does a network that the executor does
    /// not know.
    const executor::Kernels* kernels = nullptr;
    Precision precision = Precision::float32;
    Device device = {};
};

/// Loads a network and freezes it for inference.
/// @param file      the TorchScript archive
/// @param workspace must outlive the network
/// @throws ModelError model_not_converted for pickled weights, model_invalid for what is no archive,
/// unsupported_hardware if options ask for what is not there; what LibTorch throws
std::unique_ptr<RunnableNetwork> load_torchscript(const PackageFile& file,
                                                  const TorchScriptOptions& options,
                                                  executor::Workspace& workspace);

}  // namespace speciesnet
