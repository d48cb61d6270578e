// SPDX-License-Identifier: Apache-2.0
// The scripts are files in this folder, in which @words@ and similar markers are replaced by data
// from the parser. Bash and zsh determine the command from the words typed so far, then offer what
// is allowed there.
#include "completion.hpp"

#include <string_view>
#include <utility>
#include <vector>

extern "C" const char speciesnet_completion_bash_begin[];
extern "C" const char speciesnet_completion_bash_end[];
extern "C" const char speciesnet_completion_zsh_begin[];
extern "C" const char speciesnet_completion_zsh_end[];
extern "C" const char speciesnet_completion_fish_begin[];
extern "C" const char speciesnet_completion_fish_end[];

namespace speciesnet::cli {
namespace {

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
    return text;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
    std::string text;
    for (const auto& word : words) {
        text += text.empty() ? "" : between;
        text += word;
    }
    return text;
}

/// Returns the patterns of a case: the paths of all commands below the program.
std::string command_patterns(const CommandOutline& program, std::string_view between) {
    std::vector<std::string> patterns;
    for (const auto* const command : all_commands(program)) {
        if (command != &program) {
            patterns.push_back(shell_quoted(command->path));
        }
    }
    return joined(patterns, between);
}

/// Shell code that offers the values of a flag.
struct ValueOffers {
    std::string_view files;
    std::string_view folders;
    std::string_view anything;
    std::string_view choices;  ///< Contains @choices@.
};

std::string offer(const FlagOutline& flag, const ValueOffers& offers) {
    switch (flag.kind()) {
        case ValueKind::file:
            return std::string(offers.files);
        case ValueKind::folder:
            return std::string(offers.folders);
        case ValueKind::choice:
            return replaced(std::string(offers.choices), "@choices@", joined(flag.choices, " "));
        case ValueKind::text:
            return std::string(offers.anything);
        case ValueKind::none:
            break;
    }
    return {};
}

/// Returns a case for each flag with a value: its command and name, and the values to offer.
std::string value_cases(const CommandOutline& program, const ValueOffers& offers) {
    std::vector<std::string> cases;
    for (const auto* const command : all_commands(program)) {
        for (const auto& flag : command->flags) {
            if (flag.kind() == ValueKind::none) {
                continue;
            }
            std::vector<std::string> patterns;
            for (const auto& name : flag.names) {
                patterns.push_back(shell_quoted(command->path + ' ' + name));
            }
            cases.push_back("        " + joined(patterns, " | ") + ") " + offer(flag, offers) +
                            "; return ;;");
        }
    }
    return joined(cases, "\n");
}

/// Calls visit(word, description) for each command and each name of a flag.
template <typename Visit>
void visit_words(const CommandOutline& command, const Visit& visit) {
    for (const auto& inner : command.commands) {
        visit(std::string(inner.name()), inner.purpose);
    }
    for (const auto& flag : command.flags) {
        for (const auto& name : flag.names) {
            visit(name, flag.description);
        }
    }
}

/// An argument without a flag.
struct ArgumentOutline {
    bool files = false;
    std::vector<std::string> choices;
};

ArgumentOutline arguments_of(const CommandOutline& command) {
    ArgumentOutline arguments;
    for (const auto& argument : command.arguments) {
        const auto kind = argument.kind();
        arguments.files |= kind == ValueKind::file || kind == ValueKind::folder;
        arguments.choices.insert(arguments.choices.end(), argument.choices.begin(),
                                 argument.choices.end());
    }
    return arguments;
}

std::string bash_words(const CommandOutline& command) {
    const auto arguments = arguments_of(command);
    auto words = arguments.choices;
    visit_words(command,
                [&words](const std::string& word, const std::string&) { words.push_back(word); });
    return "        " + shell_quoted(command.path) + ") words=" + shell_quoted(joined(words, " ")) +
           (arguments.files ? "; files=1" : "") + " ;;";
}

std::string zsh_words(const CommandOutline& command) {
    const auto [files, choices] = arguments_of(command);
    std::string text = "        " + shell_quoted(command.path) + ")\n";
    if (!choices.empty()) {
        text += "            compadd -- " + joined(choices, " ") + '\n';
    }
    if (files) {
        text += "            _files\n";
    }
    text += "            items=(\n";
    visit_words(command, [&text](const std::string& word, const std::string& description) {
        text += "                " + shell_quoted(word + ':' + description) + '\n';
    });
    return text + "            ) ;;";
}

std::string fish_flag(const FlagOutline& flag, const std::string& name) {
    constexpr ValueOffers offers{.files = " -r -F",
                                 .folders = " -x -a '(__fish_complete_directories)'",
                                 .anything = " -x",
                                 .choices = " -x -a '@choices@'"};
    const bool is_long = name.starts_with("--");
    return (is_long ? " -l " : " -s ") + name.substr(is_long ? 2 : 1) + " -d " +
           fish_quoted(flag.description) + offer(flag, offers);
}

std::string fish_words(const CommandOutline& command) {
    const auto here = "complete -c speciesnet -n " +
                      fish_quoted("__speciesnet_command " + fish_quoted(command.path));
    const auto [files, choices] = arguments_of(command);
    std::vector<std::string> lines;
    for (const auto& inner : command.commands) {
        lines.push_back(here + " -a " + std::string(inner.name()) + " -d " +
                        fish_quoted(inner.purpose));
    }
    if (!choices.empty()) {
        lines.push_back(here + " -a " + fish_quoted(joined(choices, " ")));
    }
    if (files) {
        lines.push_back(here + " -F");
    }
    for (const auto& flag : command.flags) {
        for (const auto& name : flag.names) {
            lines.push_back(here + fish_flag(flag, name));
        }
    }
    return joined(lines, "\n");
}

std::string words_of_all(const CommandOutline& program,
                         std::string (*words_of)(const CommandOutline&)) {
    std::vector<std::string> parts;
    for (const auto* const command : all_commands(program)) {
        parts.push_back(words_of(*command));
    }
    return joined(parts, "\n");
}

}  // namespace

std::string shell_quoted(const std::string& text) {
    return '\'' + replaced(text, "'", "'\\''") + '\'';
}

std::string fish_quoted(const std::string& text) {
    return '\'' + replaced(replaced(text, "\\", "\\\\"), "'", "\\'") + '\'';
}

std::string bash_completion(const CommandOutline& program) {
    constexpr ValueOffers offers{
        .files = R"(compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"))",
        .folders = R"(compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"))",
        .anything = ":",
        .choices = R"(mapfile -t COMPREPLY < <(compgen -W '@choices@' -- "$current"))"};
    std::string script(speciesnet_completion_bash_begin, speciesnet_completion_bash_end);
    script = replaced(std::move(script), "@commands@", command_patterns(program, " | "));
    script = replaced(std::move(script), "@values@", value_cases(program, offers));
    return replaced(std::move(script), "@words@", words_of_all(program, bash_words));
}

std::string zsh_completion(const CommandOutline& program) {
    constexpr ValueOffers offers{.files = "_files",
                                 .folders = "_files -/",
                                 .anything = ":",
                                 .choices = "compadd -- @choices@"};
    std::string script(speciesnet_completion_zsh_begin, speciesnet_completion_zsh_end);
    script = replaced(std::move(script), "@commands@", command_patterns(program, " | "));
    script = replaced(std::move(script), "@values@", value_cases(program, offers));
    return replaced(std::move(script), "@words@", words_of_all(program, zsh_words));
}

std::string fish_completion(const CommandOutline& program) {
    std::string script(speciesnet_completion_fish_begin, speciesnet_completion_fish_end);
    script = replaced(std::move(script), "@commands@", command_patterns(program, " "));
    return replaced(std::move(script), "@words@", words_of_all(program, fish_words));
}

}  // namespace speciesnet::cli
