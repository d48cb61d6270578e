// SPDX-License-Identifier: Apache-2.0
// A readable description of a network.
#pragma once

#include "speciesnet/export.hpp"
#include "speciesnet/model.hpp"

#include <string>

namespace speciesnet {

/// Describes a network without running it.
/// @param file a published network, or TorchScript
/// @return one line for each operation, in columns: its result, name, inputs, attributes, and
/// weights by name and shape; the last line names the output
/// @throws ModelError model_invalid if the file is not a network, is damaged, or contains an
/// unknown operation; unsupported_hardware for TorchScript if LibTorch is missing
SPECIESNET_EXPORT std::string describe_network(const PackageFile& file);

}  // namespace speciesnet
