// SPDX-License-Identifier: Apache-2.0
// Reads TorchScript archives from memory.
#pragma once

#include "speciesnet/model.hpp"

#include <torch/csrc/jit/api/module.h>

namespace speciesnet {

/// Loads a network for inference, with its weights in memory.
/// @throws ModelError (model_invalid) if the file is not a TorchScript archive; what LibTorch
/// throws
torch::jit::Module load_module(const PackageFile& file);

}  // namespace speciesnet
