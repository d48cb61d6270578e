// SPDX-License-Identifier: Apache-2.0
// A network as it was exported.
#pragma once

#include "network/network.hpp"

#include <filesystem>

namespace speciesnet {

/// Runs a TorchScript file in LibTorch with separate BatchNorm and without freezing, so that the
/// operations are PyTorch's, one by one.
FloatArray run_unfrozen(const std::filesystem::path& torchscript, const FloatArray& input);

}  // namespace speciesnet
