// SPDX-License-Identifier: Apache-2.0
// The interface between a command and main().
#pragma once

#include "command_line.hpp"
#include "exit_status.hpp"

#include <functional>

namespace speciesnet::cli {

/// A subcommand of the program's parser.
struct Command {
    const CLI::App* parser;
    /// Runs the command after parsing. @throws speciesnet::Error
    std::function<ExitStatus()> run;
};

}  // namespace speciesnet::cli
