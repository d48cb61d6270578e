// SPDX-License-Identifier: Apache-2.0
// The files of a network in a package: the published one and its compiled forms.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace speciesnet {

/// Returns the name of a compiled form of a network, for instance detector.avx512-fp32.compiled for
/// detector.pt.
/// @param variant kernels and precision
std::string compiled_name(std::string_view network_file, std::string_view variant);

/// Returns whether `file` is the name of a compiled form of the network.
bool is_compiled_of(std::string_view file, std::string_view network_file);

/// Returns whether a folder holds a network or a compiled form of it.
/// @throws IoError if the folder cannot be read
bool has_network(const std::filesystem::path& folder, std::string_view network_file);

}  // namespace speciesnet
