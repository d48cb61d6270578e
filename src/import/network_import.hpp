// One network, from the published form to the engine's.
#pragma once

#include "speciesnet/import.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace speciesnet {

enum class NetworkKind : std::int32_t { detector, classifier };

/// Whether the bytes are a TorchScript archive, which the engine runs as it is.
/// @throws ModelError (model_invalid) if they are a broken zip file
bool is_torchscript(std::string_view file);

/// Writes TorchScript; what is TorchScript already is copied.
/// @param content mapped; parts that are not needed any more are given back to the system
/// @param origin  its name in messages
/// @param output  a file that does not exist; not complete until this function has returned
/// @throws ModelError (model_invalid), IoError
ImportedNetwork import_network(NetworkKind kind, std::string_view content,
                               const std::string& origin, const std::filesystem::path& output);

}  // namespace speciesnet
