// SPDX-License-Identifier: Apache-2.0
// LibTorch 1.13 reports the capability only as part of a text.
#include "torch_plugin/runtime.hpp"

#include <ATen/Version.h>
#include <torch/csrc/api/include/torch/version.h>

namespace speciesnet {

RuntimeInfo torch_runtime_info() {
    RuntimeInfo info{.torch_version = TORCH_VERSION, .cpu_capability = {}};
    const std::string configuration = at::show_config();
    const std::string introduction = "CPU capability usage: ";
    if (const auto at = configuration.find(introduction); at != std::string::npos) {
        const auto begin = at + introduction.size();
        info.cpu_capability = configuration.substr(begin, configuration.find('\n', begin) - begin);
    }
    return info;
}

}  // namespace speciesnet
