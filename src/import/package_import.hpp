// A whole package, from the published form to the engine's.
#pragma once

#include "speciesnet/import.hpp"
#include "speciesnet/model.hpp"

#include <filesystem>
#include <vector>

namespace speciesnet {

/// Opens a package in a folder, whatever the folder is called.
/// @throws IoError, ModelError as Package::open()
Package open_folder(const std::filesystem::path& folder);

/// Makes a folder with a package's files, its networks imported.
/// @param folder does not exist; not complete until this function has returned
std::vector<ImportedNetwork> write_package(const Package& package,
                                           const std::filesystem::path& folder,
                                           const ImportOptions& options);

}  // namespace speciesnet
