// SPDX-License-Identifier: Apache-2.0
// Runs all checks, also after a failed one.
#include "doctor_command.hpp"

#include "speciesnet/download.hpp"
#include "speciesnet/runtime.hpp"
#include "speciesnet/version.hpp"

#include "flags/fetch_flags.hpp"
#include "machine.hpp"
#include "machine_checks.hpp"
#include "model_check.hpp"
#include "self_test.hpp"
#include "software_checks.hpp"
#include "terminal/standard_output.hpp"
#include "text/json_writer.hpp"
#include "usage/usage_commands.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>

namespace speciesnet::cli {
namespace {

struct DoctorArguments {
    std::string model;
    std::filesystem::path photos;
    FetchOptions options;
    bool json = false;
};

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::fine:
            return "fine";
        case Verdict::advice:
            return "advice";
        case Verdict::trouble:
            break;
    }
    return "trouble";
}

std::vector<Check> run_checks(const DoctorArguments& arguments) {
    const auto& chosen = arguments.options.cache;
    const auto cache = chosen.empty() ? default_cache_folder() : chosen;
    std::vector<Check> checks{check_processor(describe_processor()),
                              check_cores(),
                              check_memory(describe_memory()),
                              check_torch(),
                              check_blas(loaded_libraries()),
                              check_models(chosen),
                              check_writing("model cache", cache),
                              check_writing("current folder", std::filesystem::current_path()),
                              self_test()};
    if (!arguments.model.empty()) {
        checks.push_back(check_model(arguments.model, arguments.options, arguments.photos));
    }
    return checks;
}

std::string as_text(const std::vector<Check>& checks) {
    std::string text = "SpeciesNet C++ " + std::string(version) + '\n';
    for (const auto& check : checks) {
        auto verdict = std::string(name_of(check.verdict));
        verdict.resize(9, ' ');
        text += verdict + check.name + ": " + check.text + '\n';
    }
    return text;
}

std::string as_json(const std::vector<Check>& checks, bool healthy) {
    JsonWriter json(1);
    json.begin_object();
    json.key("version").value(version);
    json.key("healthy").value(healthy);
    json.key("checks").begin_array();
    for (const auto& check : checks) {
        json.begin_object();
        json.key("name").value(check.name);
        json.key("verdict").value(name_of(check.verdict));
        json.key("text").value(check.text);
        json.key("facts").begin_object();
        for (const auto& [name, value] : check.facts) {
            json.key(name).value(value);
        }
        json.end_object();
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return json.take() + '\n';
}

ExitStatus examine(const DoctorArguments& arguments) {
    const auto checks = run_checks(arguments);
    const bool healthy = std::none_of(checks.begin(), checks.end(), [](const Check& check) {
        return check.verdict == Verdict::trouble;
    });
    print(arguments.json ? as_json(checks, healthy) : as_text(checks));
    return healthy ? ExitStatus::all_fine : ExitStatus::could_not_run;
}

}  // namespace

Command add_doctor_command(CLI::App& program) {
    const auto arguments = std::make_shared<DoctorArguments>();
    auto* const command = program.add_subcommand(
        "doctor", "Checks processor, memory, LibTorch, models and folders, and runs a self-test");
    auto* const model = command
                            ->add_option("--model", arguments->model,
                                         "Also compare this model's answers for a few photos with "
                                         "the known answers of the published weights")
                            ->type_name("NAME");
    command
        ->add_option("--photos", arguments->photos,
                     "Folder of the reference's test photos, instead of the two inside the program")
        ->type_name("FOLDER")
        ->check(CLI::ExistingDirectory)
        ->needs(model);
    add_fetch_flags(*command, arguments->options);
    command->add_flag("--json", arguments->json, "Print the findings as JSON, for programs");
    command->footer(
        "Examples:\n"
        "  speciesnet doctor\n"
        "  speciesnet doctor --json\n"
        "  speciesnet doctor --model kaggle:google/speciesnet/pyTorch/v4.0.1a\n\n"
        "Exit status: 0 all fine (advice does not count), 2 wrong usage, 3 something does not "
        "work.");
    return {command, [arguments] { return examine(*arguments); }};
}

}  // namespace speciesnet::cli
