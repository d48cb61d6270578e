// SPDX-License-Identifier: Apache-2.0
// Reads results one by one and keeps only counts.
#include "summary_command.hpp"

#include "drawing/utf8.hpp"
#include "flags/flag_checks.hpp"
#include "photos/photo_paths.hpp"
#include "results/model_names.hpp"
#include "results/results_flags.hpp"
#include "species_table.hpp"
#include "terminal/standard_output.hpp"
#include "usage/usage_commands.hpp"
#include "video/frames_together.hpp"

#include <algorithm>
#include <map>
#include <memory>

namespace speciesnet::cli {
namespace {

constexpr std::size_t default_columns = 100;

std::string group_of(const Prediction& prediction, GroupBy by, const PathStyle& style) {
    switch (by) {
        case GroupBy::folder: {
            const auto path = style.with_slashes(prediction.filepath);
            const auto folder = folder_part(path);
            if (folder.empty()) {
                return ".";
            }
            return std::string(folder.substr(0, std::max<std::size_t>(folder.size() - 1, 1)));
        }
        case GroupBy::country: {
            const auto& country = prediction.location.country;
            return country && !country->empty() ? *country : "(no country)";
        }
        case GroupBy::nothing:
            break;
    }
    return {};
}

}  // namespace

ExitStatus summarize(const SummaryArguments& arguments) {
    std::map<std::string, SpeciesCount> counts;
    const CorrectedDocument results(arguments.results.predictions_json,
                                    arguments.results.corrections(), "--predictions_json");
    PathStyle style;
    if (arguments.by == GroupBy::folder) {
        results.for_each([&](const Prediction& prediction) { style.add(prediction.filepath); });
    }
    ModelNames model;
    for_each_file(results, [&](const std::string& file, std::span<const Prediction> of_file) {
        const auto prediction = merged(file, of_file);
        model.add(prediction);
        counts[group_of(prediction, arguments.by, style)].add(prediction,
                                                              arguments.results.threshold);
    });
    if (counts.empty()) {
        print("0 photos\n");
        return ExitStatus::all_fine;
    }
    bool any_failed = false;
    std::string text;
    for (const auto& [group, count] : counts) {
        if (!group.empty()) {
            text += (text.empty() ? "" : "\n") + printable(group) + '\n';
        }
        text += species_table(count, arguments.results.names,
                              terminal_columns().value_or(default_columns));
        any_failed |= count.failed() > 0;
    }
    model.add(results.run());
    if (!model.version().empty()) {
        text += "Answers of " + printable(model.text()) + '\n';
    }
    print(text);
    return any_failed ? ExitStatus::some_images_failed : ExitStatus::all_fine;
}

Command add_summary_command(CLI::App& program) {
    const auto arguments = std::make_shared<SummaryArguments>();
    auto* const command = program.add_subcommand(
        "summary", "Counts photos per species in results, as a table for the terminal");
    add_results_flags(*command, arguments->results);
    command->add_option("--by", arguments->by, "Print a table for each folder or country")
        ->transform(one_of<GroupBy>({{"folder", GroupBy::folder}, {"country", GroupBy::country}}))
        ->type_name("WHAT")
        ->group("Table");
    command->footer(
        "Examples:\n"
        "  speciesnet summary out.json\n"
        "  speciesnet summary out.json --by folder --names scientific\n\n"
        "Exit status: 0 all fine, 1 the results contain failed photos, 2 wrong usage, 3 could not "
        "run.");
    return {command, [arguments] { return summarize(*arguments); }};
}

}  // namespace speciesnet::cli
