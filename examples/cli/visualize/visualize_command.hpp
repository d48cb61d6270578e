// SPDX-License-Identifier: Apache-2.0
// `speciesnet visualize`: annotated copies of photos, and a report.
#pragma once

#include "command.hpp"
#include "visualize_arguments.hpp"

namespace speciesnet::cli {

/// Draws copies and writes the report. @throws InvalidArgument, IoError; Interrupted after a signal
ExitStatus visualize(const VisualizeArguments& arguments);

Command add_visualize_command(CLI::App& program);

}  // namespace speciesnet::cli
