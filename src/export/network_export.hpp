// SPDX-License-Identifier: Apache-2.0
// Converts a published network to TorchScript.
#pragma once

#include "speciesnet/model.hpp"
#include "speciesnet/torchscript_export.hpp"

#include <filesystem>

namespace speciesnet {

/// Writes a network as TorchScript. A TorchScript file is copied.
/// @param network mapped or embedded; its memory is released as soon as it is not needed
/// @param output  a file that does not exist; incomplete until this function returns
/// @throws ModelError (model_invalid, unsupported_hardware), IoError
ExportedNetwork write_torchscript_of(const PackageFile& network,
                                     const std::filesystem::path& output);

}  // namespace speciesnet
