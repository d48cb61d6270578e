// SPDX-License-Identifier: Apache-2.0
// Converts a published network to TorchScript.
#pragma once

#include "speciesnet/model.hpp"
#include "speciesnet/torchscript_export.hpp"

#include <filesystem>

namespace speciesnet {

/// Writes TorchScript; what is TorchScript already is copied.
/// @param network mapped or embedded; parts that are not needed any more are given back to the
/// system
/// @param output  a file that does not exist; not complete until this function has returned
/// @throws ModelError (model_invalid, unsupported_hardware), IoError
ExportedNetwork write_torchscript_of(const PackageFile& network,
                                     const std::filesystem::path& output);

}  // namespace speciesnet
