// SPDX-License-Identifier: Apache-2.0
// A readable description of a network.
#pragma once

#include "speciesnet/export.hpp"
#include "speciesnet/model.hpp"

#include <string>

namespace speciesnet {

/// Describes a network without running it.
/// @param file a published network, or TorchScript
/// @return one line for each operation, in columns: its value, its name, its inputs, what it is set
/// to, and its weights by name and shape; the last line names the output
/// @throws ModelError model_invalid if the file is no network, is damaged, or has an operation that
/// this library does not know; unsupported_hardware for TorchScript if LibTorch is not there
SPECIESNET_EXPORT std::string describe_network(const PackageFile& file);

}  // namespace speciesnet
