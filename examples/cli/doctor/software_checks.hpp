// SPDX-License-Identifier: Apache-2.0
// Checks LibTorch, BLAS, models and folders.
#pragma once

#include "check.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace speciesnet::cli {

/// LibTorch may be missing: published networks run without it.
Check check_torch();

/// The library with which LibTorch multiplies matrices.
/// @param libraries paths of the libraries that the program has loaded
Check check_blas(const std::vector<std::string>& libraries);

/// The models on this machine. @param cache empty: the default folder
Check check_models(const std::filesystem::path& cache);

/// Whether results can be written into a folder.
Check check_writing(const std::string& name, const std::filesystem::path& folder);

}  // namespace speciesnet::cli
