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

/// Runs a model on the photos of known answers: those in the program, or those with the same names
/// in a folder.
/// @param photos empty for those in the program
/// @param known  expected answers
/// @return the result of judge(); trouble if the model cannot run
Check check_model(const std::string& model, const FetchOptions& options,
                  const std::filesystem::path& photos,
                  std::span<const KnownAnswers> known = known_answers());

/// Judges the machine by a model's answers.
/// @param photos    number of compared photos; 0 is trouble
/// @param differing number of photos whose answers differ from the known ones
/// @param published whether both networks are the published files. If so, different answers are
/// trouble, otherwise advice, since other weights give other answers
Check judge(std::size_t photos, std::size_t differing, bool published);

}  // namespace speciesnet::cli
