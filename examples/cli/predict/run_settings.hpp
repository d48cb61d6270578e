// SPDX-License-Identifier: Apache-2.0
// The settings that must be equal for a run to continue an interrupted one.
#pragma once

#include "speciesnet/model.hpp"

#include "journal/journal_reader.hpp"
#include "predict_arguments.hpp"

#include <string>
#include <vector>

namespace speciesnet::cli {

/// Everything that results depend on, and the flags that name the photos: the model's version and
/// the sizes of its networks, and flags by their names.
/// @param stations may have no rows
/// @throws ModelError if a network that the run needs is missing
std::vector<JournalSetting> run_settings(const PredictArguments& arguments, const Package& package,
                                         const StationTable& stations);

/// What differs between the settings that results were made under and those of this run, each in
/// words: "--country is "KEN" and was "USA"". How the output is treated, and how a file or folder
/// is spelled, makes no difference.
std::vector<std::string> different_settings(const std::vector<JournalSetting>& present,
                                            const std::vector<JournalSetting>& wanted);

/// Those that decide what is answered for a photo, as a finished document records them: neither
/// which photos there are, nor where they were taken, which each of its answers says.
std::vector<JournalSetting> settings_of_answers(std::vector<JournalSetting> settings);

/// Whether the run that a journal is of was to take nothing from an existing output.
bool ignores_existing(const std::vector<JournalSetting>& settings);

}  // namespace speciesnet::cli
