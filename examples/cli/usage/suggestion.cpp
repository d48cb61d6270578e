// SPDX-License-Identifier: Apache-2.0
// For a mistyped flag, CLI11 may only report that another one is missing. Therefore its unused
// arguments are examined.
#include "suggestion.hpp"

#include "outline.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace speciesnet::cli {
namespace {

/// Allows one wrong letter in three, and two in any word.
std::size_t largest_distance(std::string_view word) {
    return std::max<std::size_t>(2, word.size() / 3);
}

const CLI::App& innermost_command(const CLI::App& program) {
    const auto parsed = program.get_subcommands();
    return parsed.empty() ? program : innermost_command(*parsed.front());
}

std::string suggestion(const std::string& word, const std::vector<std::string>& words,
                       const std::string& path) {
    const auto nearest = nearest_word(word, words);
    return nearest ? "; did you mean " + *nearest + "?" : "; see `" + path + " --help`";
}

std::string list_of(const std::vector<std::string>& words) {
    std::string list;
    for (const auto& word : words) {
        list += (list.empty() ? "" : ", ") + word;
    }
    return list;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    // Rows of the usual table: distances between the first i letters of a and all prefixes of b.
    std::vector<std::size_t> before_last;
    std::vector<std::size_t> last(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        last[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::vector<std::size_t> row(b.size() + 1, i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replacement = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + replacement});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
        }
        before_last = std::exchange(last, std::move(row));
    }
    return last.back();
}

std::optional<std::string> nearest_word(std::string_view mistyped,
                                        std::span<const std::string> words) {
    std::optional<std::string> nearest;
    auto least = largest_distance(mistyped) + 1;
    for (const auto& word : words) {
        if (const auto distance = edit_distance(mistyped, word); distance < least) {
            least = distance;
            nearest = word;
        }
    }
    return nearest;
}

std::string explain_parse_error(const CLI::App& program, const CLI::ParseError& error) {
    const auto& parsed = innermost_command(program);
    const auto outline = outline_of(program);
    const auto& command = command_at(outline, path_of(parsed));
    std::vector<std::string> flags;
    for (const auto& flag : command.flags) {
        flags.insert(flags.end(), flag.names.begin(), flag.names.end());
    }
    std::vector<std::string> commands;
    for (const auto& inner : command.commands) {
        commands.emplace_back(inner.name());
    }
    const auto unused = parsed.remaining();
    if (!commands.empty()) {
        for (const auto& word : unused) {
            if (!word.starts_with('-')) {
                if (std::error_code error; std::filesystem::is_directory(word, error)) {
                    return "'" + word + "' is a folder, not a command; did you mean `" +
                           command.path + " run " + word + "`?";
                }
                return "unknown command '" + word + "'" + suggestion(word, commands, command.path);
            }
        }
    }
    for (const auto& word : unused) {
        if (word.starts_with('-')) {
            const auto flag = word.substr(0, word.find('='));
            return "unknown flag '" + flag + "'" + suggestion(flag, flags, command.path);
        }
    }
    if (!unused.empty()) {
        return "unexpected argument '" + unused.front() + "'; see `" + command.path + " --help`";
    }
    if (!commands.empty()) {
        return "a command is required: " + list_of(commands);
    }
    return error.what();
}

}  // namespace speciesnet::cli
