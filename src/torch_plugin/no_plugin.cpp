// SPDX-License-Identifier: Apache-2.0
// Replaces the plug-in in a build without LibTorch.
#include "speciesnet/error.hpp"

#include "torch_plugin/torch_plugin.hpp"

namespace speciesnet {

const TorchPlugin& torch_plugin() {
    throw ModelError(
        ErrorCode::unsupported_hardware,
        "this build does not include LibTorch (required for TorchScript and CUDA); build with "
        "-DSPECIESNET_WITH_TORCH=ON, or use published or compiled networks");
}

}  // namespace speciesnet
