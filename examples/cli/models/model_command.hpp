// SPDX-License-Identifier: Apache-2.0
// `speciesnet model …`: downloads, checks and removes models. One file per subcommand.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_model_command(CLI::App& program);

Command add_model_compile_command(CLI::App& model);
Command add_model_download_command(CLI::App& model);
Command add_model_export_command(CLI::App& model);
Command add_model_info_command(CLI::App& model);
Command add_model_list_command(CLI::App& model);
Command add_model_remove_command(CLI::App& model);
Command add_model_verify_command(CLI::App& model);

}  // namespace speciesnet::cli
