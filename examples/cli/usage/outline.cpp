// SPDX-License-Identifier: Apache-2.0
// CLI11 stores the allowed values of an option only in the description of its check.
#include "outline.hpp"

#include <algorithm>
#include <cstddef>

namespace speciesnet::cli {
namespace {

/// Converts "FORMAT:value in {detection->1,image->2} OR {1,2}" to detection, image;
/// "MODE:{multi_thread,multi_process}" to its two values.
std::vector<std::string> choices_in(const std::string& type_name) {
    const auto begin = type_name.find('{');
    const auto end = type_name.find('}');
    if (begin == std::string::npos || end == std::string::npos || begin > end) {
        return {};
    }
    auto choices = CLI::detail::split(type_name.substr(begin + 1, end - begin - 1), ',');
    for (auto& choice : choices) {
        choice.resize(std::min(choice.size(), choice.find("->")));
    }
    return choices;
}

FlagOutline flag_outline(const CLI::Option& option) {
    FlagOutline flag;
    for (const auto& name : option.get_snames()) {
        flag.names.push_back('-' + name);
    }
    for (const auto& name : option.get_lnames()) {
        flag.names.push_back("--" + name);
    }
    // For flags without a value, CLI11's minimum number of values is 0.
    if (option.get_items_expected_min() > 0) {
        const auto type = option.get_type_name();
        flag.value = type.substr(0, type.find(':'));
        flag.choices = choices_in(type);
    }
    flag.description = option.get_description();
    flag.group = option.get_group();
    flag.required = option.get_required();
    return flag;
}

/// Returns the outline of a positional argument.
FlagOutline argument_outline(const CLI::Option& option) {
    auto argument = flag_outline(option);
    // CLI11's name for a value without a specific type.
    if (argument.value == "TEXT") {
        argument.value = option.get_name(true);
    }
    if (argument.names.empty()) {
        return argument;
    }
    argument.description = "The same as " + argument.names.front();
    argument.names.clear();
    argument.required = false;
    return argument;
}

CommandOutline command_outline(const CLI::App& command, const std::string& parents) {
    CommandOutline outline;
    outline.path = parents + command.get_name();
    outline.purpose = command.get_description();
    outline.footer = command.get_footer();
    for (const auto* const option : command.get_options()) {
        const bool has_name = !option->get_lnames().empty() || !option->get_snames().empty();
        if (has_name) {
            outline.flags.push_back(flag_outline(*option));
        }
        if (option->get_positional()) {
            outline.arguments.push_back(argument_outline(*option));
        }
    }
    for (const auto* const inner : command.get_subcommands([](const CLI::App*) { return true; })) {
        outline.commands.push_back(command_outline(*inner, outline.path + ' '));
    }
    return outline;
}

}  // namespace

ValueKind FlagOutline::kind() const {
    if (value.empty()) {
        return ValueKind::none;
    }
    if (!choices.empty()) {
        return ValueKind::choice;
    }
    if (value.starts_with("FILE")) {
        return ValueKind::file;
    }
    return value.starts_with("FOLDER") || value == "MODEL" ? ValueKind::folder : ValueKind::text;
}

std::string_view CommandOutline::name() const {
    const auto space = path.rfind(' ');
    return std::string_view(path).substr(space == std::string::npos ? 0 : space + 1);
}

CommandOutline outline_of(const CLI::App& program) {
    return command_outline(program, "");
}

std::string path_of(const CLI::App& command) {
    const auto* const parent = command.get_parent();
    return (parent == nullptr ? "" : path_of(*parent) + ' ') + command.get_name();
}

const CommandOutline& command_at(const CommandOutline& program, const std::string& path) {
    const auto commands = all_commands(program);
    return **std::find_if(commands.begin(), commands.end(),
                          [&](const CommandOutline* command) { return command->path == path; });
}

std::vector<const CommandOutline*> all_commands(const CommandOutline& program) {
    std::vector<const CommandOutline*> commands{&program};
    for (const auto& inner : program.commands) {
        const auto below = all_commands(inner);
        commands.insert(commands.end(), below.begin(), below.end());
    }
    return commands;
}

}  // namespace speciesnet::cli
