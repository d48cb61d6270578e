// SPDX-License-Identifier: Apache-2.0
// The settings that must be equal for a run to continue an interrupted one.
#pragma once

#include "speciesnet/model.hpp"

#include "journal/journal_reader.hpp"
#include "predict_arguments.hpp"

#include <string>
#include <vector>

namespace speciesnet::cli {

/// Returns everything that results depend on, and the flags that select the photos: the model's
/// version, the sizes of its networks, and flags by name.
/// @param stations may be empty
/// @throws ModelError if a network that the run needs is missing
std::vector<JournalSetting> run_settings(const PredictArguments& arguments, const Package& package,
                                         const StationTable& stations);

/// Returns the differences between the settings of existing results and those of this run, in
/// words: "--country is "KEN" and was "USA"". Ignores the handling of the output and the spelling
/// of paths.
std::vector<std::string> different_settings(const std::vector<JournalSetting>& present,
                                            const std::vector<JournalSetting>& wanted);

/// Returns the settings that determine the answer for a photo, as recorded in a finished document:
/// neither which photos there are, nor their locations, which each answer records.
std::vector<JournalSetting> settings_of_answers(std::vector<JournalSetting> settings);

/// Returns whether the run that created the journal ignored an existing output.
bool ignores_existing(const std::vector<JournalSetting>& settings);

}  // namespace speciesnet::cli
