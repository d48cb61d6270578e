// SPDX-License-Identifier: Apache-2.0
// Two columns, with descriptions wrapped between words.
#include "help_text.hpp"

#include "drawing/utf8.hpp"

#include <algorithm>
#include <sstream>

namespace speciesnet::cli {
namespace {

constexpr std::size_t first_column = 2;
constexpr std::size_t second_column = 30;

std::size_t columns_of(const std::string& text) {
    return code_points(text).size();
}

std::string joined(const std::vector<std::string>& words, const std::string& between) {
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : between) + word;
    }
    return text;
}

/// Wraps words from a column on; the first line is already filled up to `filled`.
std::string wrapped(const std::string& text, std::size_t column, std::size_t filled,
                    std::size_t width) {
    std::string result;
    std::istringstream words(text);
    std::string word;
    bool line_is_empty = true;
    while (words >> word) {
        if (!line_is_empty && filled + 1 + columns_of(word) > width) {
            result += '\n' + std::string(column, ' ');
            filled = column;
            line_is_empty = true;
        }
        result += (line_is_empty ? "" : " ") + word;
        filled += (line_is_empty ? 0 : 1) + columns_of(word);
        line_is_empty = false;
    }
    return result + '\n';
}

std::string entry(const std::string& name, const std::string& description, std::size_t width) {
    std::string text = std::string(first_column, ' ') + name;
    if (columns_of(text) + 2 > second_column) {
        text += '\n';
        text += std::string(second_column, ' ');
    } else {
        text += std::string(second_column - columns_of(text), ' ');
    }
    return text + wrapped(description, second_column, second_column, width);
}

std::string flag_groups(const std::vector<FlagOutline>& flags, std::size_t width) {
    std::vector<std::string> groups;
    for (const auto& flag : flags) {
        if (std::find(groups.begin(), groups.end(), flag.group) == groups.end()) {
            groups.push_back(flag.group);
        }
    }
    std::string text;
    for (const auto& group : groups) {
        text += '\n' + group + ":\n";
        for (const auto& flag : flags) {
            if (flag.group == group) {
                text += entry(flag_synopsis(flag),
                              flag.description + (flag.required ? " (required)" : ""), width);
            }
        }
    }
    return text;
}

}  // namespace

std::string flag_synopsis(const FlagOutline& flag) {
    auto text = joined(flag.names, ", ");
    if (!flag.value.empty()) {
        text += (text.empty() ? "" : " ") +
                (flag.choices.empty() ? flag.value : joined(flag.choices, "|"));
    }
    return text;
}

std::string usage_line(const CommandOutline& command) {
    auto line = command.path + (command.commands.empty() ? " [FLAGS]" : " COMMAND [FLAGS]");
    for (const auto& argument : command.arguments) {
        line += ' ' + flag_synopsis(argument);
    }
    return line;
}

std::string help_text(const CommandOutline& command, std::size_t width) {
    std::string text = wrapped(command.purpose, 0, 0, width);
    text += "\nUsage: " + usage_line(command) + '\n';
    if (!command.arguments.empty()) {
        text += "\nArguments:\n";
        for (const auto& argument : command.arguments) {
            text += entry(flag_synopsis(argument), argument.description, width);
        }
    }
    if (!command.commands.empty()) {
        text += "\nCommands (each has its own --help):\n";
        for (const auto& inner : command.commands) {
            text += entry(std::string(inner.name()), inner.purpose, width);
        }
    }
    text += flag_groups(command.flags, width);
    if (!command.footer.empty()) {
        text += '\n' + command.footer + '\n';
    }
    return text;
}

}  // namespace speciesnet::cli
