// What must be the same for a run to go on with the results of an interrupted one.
#pragma once

#include "speciesnet/model.hpp"

#include "journal/journal_reader.hpp"
#include "predict_arguments.hpp"

#include <string>
#include <vector>

namespace speciesnet::cli {

/// Everything that results depend on, and the flags that name the photos: the model's version and
/// the sizes of its networks, and flags by their names.
/// @throws ModelError if a network that the run needs is missing
std::vector<JournalSetting> run_settings(const PredictArguments& arguments, const Package& package);

/// Checks that a journal is of the same kind of run.
/// @param journal the file, for the message
/// @throws InvalidArgument naming each setting that differs, and the ways out
void check_same_settings(const std::vector<JournalSetting>& present,
                         const std::vector<JournalSetting>& wanted, const std::string& journal);

/// Whether the run that a journal is of was to take nothing from an existing output.
bool ignores_existing(const std::vector<JournalSetting>& settings);

}  // namespace speciesnet::cli
