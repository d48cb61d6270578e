// SPDX-License-Identifier: Apache-2.0
// What main() needs to know of a command.
#pragma once

#include "exit_status.hpp"

#include <functional>

#include <CLI/CLI.hpp>

namespace speciesnet::cli {

/// A subcommand that was added to the program's parser.
struct Command {
    const CLI::App* parser;
    /// Does the work once parser has parsed. @throws speciesnet::Error
    std::function<ExitStatus()> run;
};

}  // namespace speciesnet::cli
