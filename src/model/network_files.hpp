// SPDX-License-Identifier: Apache-2.0
// The files of a network in a package: its own, and its compiled forms.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace speciesnet {

/// The name of what was compiled of a network, for instance detector.avx512-fp32.compiled for
/// detector.pt.
/// @param variant kernels and precision
std::string compiled_name(std::string_view network_file, std::string_view variant);

/// Whether a file is named as what was compiled of a network.
bool is_compiled_of(std::string_view file, std::string_view network_file);

/// Whether a folder has a network, or something that was compiled of it.
/// @throws IoError if the folder cannot be read
bool has_network(const std::filesystem::path& folder, std::string_view network_file);

}  // namespace speciesnet
