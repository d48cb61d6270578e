// SPDX-License-Identifier: Apache-2.0
// Versions and features at run time, for reports and not for decisions.
#pragma once

#include "speciesnet/export.hpp"

#include <string>

namespace speciesnet {

/// The LibTorch that reads TorchScript and runs what the executor does not.
struct RuntimeInfo {
    std::string torch_version;  ///< For instance "1.13.1".
    /// The instructions that LibTorch's own kernels use on this processor, in its words: "AVX512",
    /// "AVX2", "DEFAULT", …; empty if it does not say.
    std::string cpu_capability;
};

/// Thread-safe.
/// @throws ModelError (unsupported_hardware) if LibTorch is not there: published networks run
/// without it
SPECIESNET_EXPORT RuntimeInfo runtime_info();

}  // namespace speciesnet
