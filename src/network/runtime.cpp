// SPDX-License-Identifier: Apache-2.0
// Returns versions and features of LibTorch, from the plug-in.
#include "speciesnet/runtime.hpp"

#include "torch_plugin/torch_plugin.hpp"

namespace speciesnet {

RuntimeInfo runtime_info() {
    return torch_plugin().runtime_info();
}

}  // namespace speciesnet
