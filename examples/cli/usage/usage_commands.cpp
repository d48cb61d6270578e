// SPDX-License-Identifier: Apache-2.0
// Both commands use the complete parser when they run.
#include "usage_commands.hpp"

#include "speciesnet/version.hpp"

#include "completion.hpp"
#include "help_text.hpp"
#include "manual_page.hpp"
#include "terminal/standard_output.hpp"

#include <memory>

namespace speciesnet::cli {
namespace {

constexpr std::size_t default_columns = 100;

}  // namespace

Command add_completion_command(CLI::App& program) {
    const auto shell = std::make_shared<std::string>();
    auto* const command =
        program.add_subcommand("completion", "Prints a completion script for a shell");
    command->add_option("shell", *shell, "bash, zsh or fish")
        ->type_name("SHELL")
        ->check(CLI::IsMember({"bash", "zsh", "fish"}))
        ->required();
    command->footer(
        "Examples:\n"
        "  eval \"$(speciesnet completion bash)\"\n"
        "  speciesnet completion zsh > ~/.zfunc/_speciesnet\n"
        "  speciesnet completion fish | source\n\n" +
        exit_statuses_without_photos);
    return {command, [&program, shell] {
                const auto outline = outline_of(program);
                print(*shell == "bash"  ? bash_completion(outline)
                      : *shell == "zsh" ? zsh_completion(outline)
                                        : fish_completion(outline));
                return ExitStatus::all_fine;
            }};
}

Command add_manual_command(CLI::App& program) {
    auto* const command = program.add_subcommand("manual", "Prints the manual page, for man");
    command->footer("Example:\n  speciesnet manual | man -l -\n\n" + exit_statuses_without_photos);
    return {command, [&program] {
                print(manual_page(outline_of(program), version));
                return ExitStatus::all_fine;
            }};
}

void show_help_from_outline(CLI::App& program) {
    program.formatter_fn([](const CLI::App* command, std::string, CLI::AppFormatMode) {
        const auto* root = command;
        while (root->get_parent() != nullptr) {
            root = root->get_parent();
        }
        return help_text(command_at(outline_of(*root), path_of(*command)),
                         terminal_columns().value_or(default_columns));
    });
}

}  // namespace speciesnet::cli
