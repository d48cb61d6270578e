// One network, from the published form to the engine's.
#pragma once

#include "speciesnet/import.hpp"

#include "import/published_network.hpp"

#include <filesystem>

namespace speciesnet {

/// Writes TorchScript; what is TorchScript already is copied.
/// @param file   mapped; parts that are not needed any more are given back to the system
/// @param output a file that does not exist; not complete until this function has returned
/// @throws ModelError (model_invalid), IoError
ImportedNetwork import_network(NetworkKind kind, const PackageFile& file,
                               const std::filesystem::path& output);

}  // namespace speciesnet
