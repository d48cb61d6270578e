// SPDX-License-Identifier: Apache-2.0
// The interface of a command for main().
#pragma once

#include "command_line.hpp"
#include "exit_status.hpp"

#include <functional>

namespace speciesnet::cli {

/// A subcommand that was added to the program's parser.
struct Command {
    const CLI::App* parser;
    /// Does the work once parser has parsed. @throws speciesnet::Error
    std::function<ExitStatus()> run;
};

}  // namespace speciesnet::cli
