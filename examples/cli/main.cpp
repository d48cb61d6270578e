// SPDX-License-Identifier: Apache-2.0
// The program `speciesnet`: parses the arguments, runs one command, converts errors to exit
// statuses.
#include "speciesnet/error.hpp"
#include "speciesnet/version.hpp"

#include "compare/compare_command.hpp"
#include "convert/convert_command.hpp"
#include "doctor/doctor_command.hpp"
#include "flags/absl_arguments.hpp"
#include "models/model_command.hpp"
#include "predict/predict_command.hpp"
#include "repeats/repeats_command.hpp"
#include "review/review_command.hpp"
#include "run/run_command.hpp"
#include "shortened_file.hpp"
#include "sort/sort_command.hpp"
#include "summary/summary_command.hpp"
#include "tag/tag_command.hpp"
#include "terminal.hpp"
#include "terminal/interrupt_watch.hpp"
#include "usage/suggestion.hpp"
#include "usage/usage_commands.hpp"
#include "visualize/visualize_command.hpp"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unistd.h>

namespace {

using speciesnet::cli::Command;
using speciesnet::cli::ExitStatus;

/// During its lifetime, a lack of memory ends the program: CLI11 copies names and paths in
/// functions that are noexcept.
class EndsWithoutMemory {
public:
    EndsWithoutMemory() : before_(std::set_new_handler(end)) {}
    ~EndsWithoutMemory() { std::set_new_handler(before_); }
    EndsWithoutMemory(const EndsWithoutMemory&) = delete;
    EndsWithoutMemory& operator=(const EndsWithoutMemory&) = delete;

private:
    [[noreturn]] static void end() {
        constexpr std::string_view message = "speciesnet: error: out of memory\n";
        static_cast<void>(::write(STDERR_FILENO, message.data(), message.size()));
        std::_Exit(static_cast<int>(ExitStatus::could_not_run));
    }

    std::new_handler before_;
};

ExitStatus fail(ExitStatus status, const std::string& message) {
    std::cerr << "speciesnet: error: " << message << '\n';
    return status;
}

ExitStatus run(const Command& command) {
    try {
        return command.run();
    } catch (const speciesnet::cli::Interrupted& interruption) {
        speciesnet::end_by_signal(interruption.signal);
    } catch (const speciesnet::InvalidArgument& error) {
        return fail(ExitStatus::wrong_usage, error.what());
    } catch (const std::bad_alloc&) {
        return fail(ExitStatus::could_not_run, "out of memory");
    } catch (const std::exception& error) {
        return fail(ExitStatus::could_not_run, error.what());
    }
}

ExitStatus parse_and_run(std::vector<std::string> arguments) {
    std::optional<EndsWithoutMemory> parsing(std::in_place);
    CLI::App program("Identifies animals in camera-trap photos", "speciesnet");
    // A path may begin with a slash, on Windows, too.
    program.allow_windows_style_options(false);
    program.set_version_flag("--version", std::string(speciesnet::version));
    program.require_subcommand(1);
    speciesnet::cli::show_help_from_outline(program);
    program.footer(
        "Exit status: 0 all fine, 1 some images failed, 2 wrong usage, 3 could not run.");
    const std::vector<Command> commands{speciesnet::cli::add_run_command(program),
                                        speciesnet::cli::add_predict_command(program),
                                        speciesnet::cli::add_visualize_command(program),
                                        speciesnet::cli::add_convert_command(program),
                                        speciesnet::cli::add_summary_command(program),
                                        speciesnet::cli::add_compare_command(program),
                                        speciesnet::cli::add_repeats_command(program),
                                        speciesnet::cli::add_review_command(program),
                                        speciesnet::cli::add_sort_command(program),
                                        speciesnet::cli::add_tag_command(program),
                                        speciesnet::cli::add_doctor_command(program),
                                        speciesnet::cli::add_model_command(program),
                                        speciesnet::cli::add_completion_command(program),
                                        speciesnet::cli::add_manual_command(program)};
    try {
        program.parse(speciesnet::cli::normalize_arguments(program, std::move(arguments)));
    } catch (const CLI::Success& wish) {
        program.exit(wish);
        return ExitStatus::all_fine;
    } catch (const CLI::ParseError& error) {
        return fail(ExitStatus::wrong_usage, speciesnet::cli::explain_parse_error(program, error));
    }
    parsing.reset();
    for (const auto& command : commands) {
        if (command.parser->parsed()) {
            return run(command);
        }
    }
    return ExitStatus::wrong_usage;
}

}  // namespace

int main(int argc, char** argv) {
    const speciesnet::Utf8Terminal terminal;
    speciesnet::name_shortened_files(
        "speciesnet: error: '",
        "' was truncated while in use; replace files by renaming, not by overwriting them\n",
        static_cast<int>(ExitStatus::could_not_run));
    try {
        return static_cast<int>(parse_and_run(speciesnet::program_arguments(argc, argv)));
    } catch (const std::exception& error) {
        return static_cast<int>(fail(ExitStatus::could_not_run, error.what()));
    }
}
