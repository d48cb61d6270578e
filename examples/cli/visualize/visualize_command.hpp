// `speciesnet visualize`: annotated copies of photos, and a report.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_visualize_command(CLI::App& program);

}  // namespace speciesnet::cli
