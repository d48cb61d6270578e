// SPDX-License-Identifier: Apache-2.0
// `speciesnet summary`: counts photos per species.
#pragma once

#include "command.hpp"
#include "results/results_flags.hpp"

namespace speciesnet::cli {

/// How to group photos.
enum class GroupBy { nothing, folder, country };

struct SummaryArguments {
    ResultsArguments results;
    GroupBy by = GroupBy::nothing;
};

/// Prints the table. @throws InvalidArgument, IoError
ExitStatus summarize(const SummaryArguments& arguments);

Command add_summary_command(CLI::App& program);

}  // namespace speciesnet::cli
