// SPDX-License-Identifier: Apache-2.0
// `speciesnet model verify NAME`: compares every file with its recorded SHA-256, and the networks
// with the published ones.
#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"

#include "flags/fetch_flags.hpp"
#include "model_command.hpp"
#include "network_identity.hpp"
#include "terminal/standard_output.hpp"
#include "text/json_writer.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>
#include <vector>

namespace speciesnet::cli {
namespace {

struct VerifyArguments {
    std::string name;
    std::filesystem::path cache;
    bool json = false;
};

std::string_view name_of(FileCondition condition) {
    switch (condition) {
        case FileCondition::intact:
            return "intact";
        case FileCondition::changed:
            return "CHANGED";
        case FileCondition::missing:
            return "MISSING";
        case FileCondition::unrecorded:
            return "UNRECORDED";
    }
    return "";
}

struct Findings {
    std::vector<VerifiedFile> files;
    std::vector<IdentifiedNetwork> networks;
};

/// Skips missing networks, which the comparison of files reports.
std::vector<IdentifiedNetwork> identify(const std::filesystem::path& folder) {
    try {
        return identify_networks(folder);
    } catch (const ModelError&) {
        return {};
    }
}

std::string as_text(const Findings& findings) {
    std::string text;
    for (const auto& file : findings.files) {
        text += std::string(name_of(file.condition)) + '\t' + file.path + '\n';
    }
    for (const auto& network : findings.networks) {
        text += "network\t" + network.path + '\t' + describe(network) + '\n';
    }
    return text;
}

std::string as_json(const Findings& findings) {
    JsonWriter json(1);
    json.begin_object();
    json.key("files").begin_array();
    for (const auto& file : findings.files) {
        std::string condition(name_of(file.condition));
        std::transform(condition.begin(), condition.end(), condition.begin(),
                       [](unsigned char letter) { return std::tolower(letter); });
        json.begin_object();
        json.key("path").value(file.path);
        json.key("condition").value(condition);
        json.key("sha256").value(file.sha256);
        json.end_object();
    }
    json.end_array();
    write_networks(json, findings.networks);
    json.end_object();
    return json.take() + '\n';
}

ExitStatus verify(const VerifyArguments& arguments) {
    const auto folder = local_package(arguments.name, arguments.cache);
    const Findings findings{verify_package(folder), identify(folder)};
    print(arguments.json ? as_json(findings) : as_text(findings));
    const auto differing =
        std::count_if(findings.files.begin(), findings.files.end(),
                      [](const auto& file) { return file.condition != FileCondition::intact; });
    if (differing > 0) {
        throw ModelError(ErrorCode::model_invalid,
                         std::to_string(differing) + " of " +
                             std::to_string(findings.files.size()) +
                             " files have changed since the download; download them again with "
                             "`speciesnet model download --force`");
    }
    return ExitStatus::all_fine;
}

}  // namespace

Command add_model_verify_command(CLI::App& model) {
    const auto arguments = std::make_shared<VerifyArguments>();
    auto* const command =
        model.add_subcommand("verify",
                             "Checks that a model's files are unchanged since the download, and "
                             "whether its networks are the published ones");
    command->add_option("name", arguments->name, "The model")->type_name("NAME")->required();
    add_cache_flag(*command, arguments->cache);
    command->add_flag("--json", arguments->json, "Print the findings as JSON, for programs");
    command->footer(
        "Example:\n"
        "  speciesnet model verify kaggle:google/speciesnet/pyTorch/v4.0.1a\n\n"
        "Exit status: 0 all intact, 2 wrong usage, 3 a file is changed or missing, or could not "
        "run.");
    return {command, [arguments] { return verify(*arguments); }};
}

}  // namespace speciesnet::cli
