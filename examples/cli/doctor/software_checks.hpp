// SPDX-License-Identifier: Apache-2.0
// Checks LibTorch, BLAS, models and folders.
#pragma once

#include "check.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace speciesnet::cli {

/// Checks LibTorch, which is optional: published networks run without it.
Check check_torch();

/// Checks the library with which LibTorch multiplies matrices.
/// @param libraries paths of the libraries that the program has loaded
Check check_blas(const std::vector<std::string>& libraries);

/// Checks the models on this machine. @param cache empty for the default folder
Check check_models(const std::filesystem::path& cache);

/// Checks whether results can be written to a folder.
Check check_writing(const std::string& name, const std::filesystem::path& folder);

}  // namespace speciesnet::cli
