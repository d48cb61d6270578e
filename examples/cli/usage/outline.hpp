// SPDX-License-Identifier: Apache-2.0
// The parser's commands and flags as plain values, from which help, manual page and completions are
// made.
#pragma once

#include "command_line.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// The kind of values that a shell offers.
enum class ValueKind { none, text, file, folder, choice };

/// A flag, or an argument without a flag.
struct FlagOutline {
    std::vector<std::string> names;    ///< "--model"; empty for an argument without a flag.
    std::string value;                 ///< "FILE"; empty if it takes no value.
    std::vector<std::string> choices;  ///< All allowed values, if they can be listed.
    std::string description;
    std::string group;  ///< The heading in the help.
    bool required = false;

    ValueKind kind() const;
};

struct CommandOutline {
    std::string path;     ///< "speciesnet model list"
    std::string purpose;  ///< A sentence.
    std::vector<FlagOutline> flags;
    std::vector<FlagOutline> arguments;
    std::vector<CommandOutline> commands;
    std::string footer;  ///< Examples and exit statuses, as lines.

    /// Returns the last word of the path.
    std::string_view name() const;
};

CommandOutline outline_of(const CLI::App& program);

/// Returns, for instance, "speciesnet model list" for a command's parser.
std::string path_of(const CLI::App& command);

/// @param path of an existing command
const CommandOutline& command_at(const CommandOutline& program, const std::string& path);

/// Returns a command and all commands below it, outermost first.
std::vector<const CommandOutline*> all_commands(const CommandOutline& program);

}  // namespace speciesnet::cli
