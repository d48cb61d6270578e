// TorchScript becomes a network that runs.
#pragma once

#include "network/torch_functions.hpp"

#include <memory>

namespace speciesnet {

/// Loads a network and freezes it for inference.
/// @param file      the TorchScript archive
/// @param workspace must outlive the network
/// @throws ModelError model_not_converted for pickled weights, model_invalid for what is no
/// archive, unsupported_hardware if options ask for what is not there; what LibTorch throws
std::unique_ptr<RunnableNetwork> load_torchscript(const PackageFile& file,
                                                  const TorchScriptOptions& options,
                                                  executor::Workspace& workspace);

}  // namespace speciesnet
