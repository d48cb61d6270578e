// SPDX-License-Identifier: Apache-2.0
// Checks that a model gives the known answers of the published weights.
#pragma once

#include "speciesnet/download.hpp"

#include "check.hpp"
#include "known_answers.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace speciesnet::cli {

/// Runs a model on the photos of known answers: those in the program, or those of a folder that
/// have such a photo's name.
/// @param photos empty: those in the program
/// @param known  what to compare with
/// @return what judge() says; trouble if the model cannot run
Check check_model(const std::string& model, const FetchOptions& options,
                  const std::filesystem::path& photos,
                  std::span<const KnownAnswers> known = known_answers());

/// What a model's answers say of the machine.
/// @param photos    how many were compared; with none it is trouble
/// @param differing how many of them are not answered as known
/// @param published whether both networks are the published files: different answers are then
/// trouble, else advice, since other weights answer otherwise
Check judge(std::size_t photos, std::size_t differing, bool published);

}  // namespace speciesnet::cli
