// SPDX-License-Identifier: Apache-2.0
// Makes one pass over the arguments before CLI11 parses them.
#include "absl_arguments.hpp"

#include <algorithm>

namespace speciesnet::cli {
namespace {

bool has_flag(const CLI::App& program, const std::string& name) {
    const auto commands = program.get_subcommands([](const CLI::App*) { return true; });
    return std::any_of(commands.begin(), commands.end(), [&](const CLI::App* command) {
        return command->get_option_no_throw(name) != nullptr;
    });
}

}  // namespace

std::vector<std::string> normalize_arguments(const CLI::App& program,
                                             std::vector<std::string> arguments) {
    for (auto& argument : arguments) {
        const bool one_dash = argument.size() > 2 && argument[0] == '-' && argument[1] != '-';
        if (one_dash && has_flag(program, '-' + argument.substr(0, argument.find('=')))) {
            argument.insert(0, 1, '-');
        }
    }
    std::reverse(arguments.begin(), arguments.end());
    return arguments;
}

}  // namespace speciesnet::cli
