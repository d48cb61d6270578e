// SPDX-License-Identifier: Apache-2.0
// Versions and features at run time, for reports.
#pragma once

#include "speciesnet/export.hpp"

#include <string>

namespace speciesnet {

/// Properties of the LibTorch in use.
struct RuntimeInfo {
    std::string torch_version;  ///< For instance "1.13.1".
    /// Instruction set of LibTorch's kernels on this CPU, as LibTorch names it: "AVX512",
    /// "AVX2", "DEFAULT", …; may be empty.
    std::string cpu_capability;
};

/// Returns the properties of LibTorch. Thread-safe.
/// @throws ModelError (unsupported_hardware) if LibTorch is missing; published networks run
/// without it
SPECIESNET_EXPORT RuntimeInfo runtime_info();

}  // namespace speciesnet
