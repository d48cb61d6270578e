// Writes networks as TorchScript.
#pragma once

#include "network/network_definition.hpp"

#include <filesystem>

namespace speciesnet {

/// Compiles and writes a network, its weights as float32. Needs little memory, however large the
/// network is, if `release` gives memory back: converted weights wait in a temporary file.
/// @param file    does not exist; not complete until this function has returned
/// @param release may be empty; called as soon as a weight has been converted or written
/// @throws ModelError (model_invalid) if LibTorch cannot make a network of it, IoError if it cannot
/// write the file
void write_torchscript(const NetworkDefinition& network, const std::filesystem::path& file,
                       const Release& release);

}  // namespace speciesnet
