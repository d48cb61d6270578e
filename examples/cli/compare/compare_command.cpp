// SPDX-License-Identifier: Apache-2.0
// Helps users to decide whether a lower precision, another version or another setting is good
// enough for their photos.
#include "compare_command.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "comparison.hpp"
#include "comparison_tables.hpp"
#include "files/text_file.hpp"
#include "flags/flag_checks.hpp"
#include "flags/naming_flag.hpp"
#include "output/output_files.hpp"
#include "results/model_names.hpp"
#include "results/predictions_file.hpp"
#include "results/results_flags.hpp"
#include "terminal/standard_output.hpp"
#include "truth.hpp"

#include <iostream>
#include <memory>
#include <string>

namespace speciesnet::cli {
namespace {

struct CompareArguments {
    std::string first;
    std::string second;
    std::string truth;
    double threshold = 0.2;
    Names names = Names::common;
    std::string json;
    std::string report_html;
};

/// Returns the outputs after checking that none is an input. @throws InvalidArgument
OutputFiles checked_outputs(const CompareArguments& arguments) {
    OutputFiles outputs;
    for (const auto& [flag, file] :
         {std::pair{"--json", arguments.json}, {"--report_html", arguments.report_html}}) {
        if (!file.empty()) {
            outputs.add(flag, utf8_path(file));
            naming_flag(flag, [&file = file] { check_writable(utf8_path(file)); });
        }
    }
    outputs.check_input("the first document", arguments.first);
    outputs.check_input("the second document", arguments.second);
    outputs.check_input("--truth", arguments.truth);
    return outputs;
}

void judge(Comparison& comparison, const std::string& file) {
    const auto truth =
        naming_flag("--truth", [&] { return Truth(read_text_file(utf8_path(file))); });
    const auto unknown = comparison.judge(truth);
    if (comparison.accuracy()->front().photos() + comparison.accuracy()->back().photos() == 0) {
        throw InvalidArgument(
            "--truth: none of its " + std::to_string(truth.photos()) +
            " photos is in the documents; write the paths of the documents, or their ends");
    }
    if (!unknown.empty()) {
        std::cerr << "speciesnet: note: no label of the documents is called";
        for (const auto& name : unknown) {
            std::cerr << (&name == unknown.data() ? " '" : ", '") << name << '\'';
        }
        std::cerr << "; answers for these photos count as wrong\n";
    }
}

ExitStatus compare(const CompareArguments& arguments) {
    const OutputFiles outputs = checked_outputs(arguments);
    Comparison comparison(arguments.threshold);
    const PredictionsFile first(arguments.first);
    const PredictionsFile second(arguments.second);
    ModelNames first_model;
    ModelNames second_model;
    first_model.add(first.run());
    second_model.add(second.run());
    first.for_each([&](const Prediction& photo) {
        outputs.check_input("the photo", photo.filepath);
        first_model.add(photo);
        comparison.add_first(photo);
    });
    second.for_each([&](const Prediction& photo) {
        outputs.check_input("the photo", photo.filepath);
        second_model.add(photo);
        comparison.add_second(photo);
    });
    if (comparison.photos() + comparison.failed_first() + comparison.failed_second() == 0) {
        throw InvalidArgument("'" + arguments.first + "' and '" + arguments.second +
                              "' have no photo in common; photos are matched by their paths");
    }
    if (!arguments.truth.empty()) {
        judge(comparison, arguments.truth);
    }
    const ComparedRuns runs{{arguments.first, first_model.text()},
                            {arguments.second, second_model.text()}};
    const auto tables = tables_of(comparison, runs, arguments.names);
    if (!arguments.json.empty()) {
        write_text_file(utf8_path(arguments.json), json_of(comparison, runs));
    }
    if (!arguments.report_html.empty()) {
        write_text_file(utf8_path(arguments.report_html), html_of(tables, runs));
    }
    print(text_of(tables));
    return ExitStatus::all_fine;
}

}  // namespace

Command add_compare_command(CLI::App& program) {
    const auto arguments = std::make_shared<CompareArguments>();
    auto* const command = program.add_subcommand(
        "compare", "Compares two runs over the same photos, also with human labels");
    command->add_option("FIRST", arguments->first, "A predictions document")->required();
    command->add_option("SECOND", arguments->second, "A predictions document of the same photos")
        ->required();
    command
        ->add_option("--truth", arguments->truth,
                     "A table with a column `file` and a column `label` (common or scientific "
                     "names, of any rank; blank, human, vehicle)")
        ->type_name("CSV");
    command
        ->add_option(
            "--threshold", arguments->threshold,
            "Minimum confidence of detections that count for a photo's answer; 0.2 unless given")
        ->type_name("CONF")
        ->check(CLI::Range(0.0, 1.0));
    add_names_flag(*command, arguments->names);
    command->add_option("--json", arguments->json, "Write all counts to this file, as JSON")
        ->type_name("FILE");
    command
        ->add_option("--report_html", arguments->report_html,
                     "Write the tables and a calibration chart as a page for the browser")
        ->type_name("FILE");
    command->footer(
        "Examples:\n"
        "  speciesnet compare fp32.json bf16.json\n"
        "  speciesnet compare old.json new.json --truth checked.csv --report_html "
        "comparison.html\n\n"
        "Exit status: 0 regardless of differences, 2 wrong usage or documents, 3 could not read "
        "or write.");
    return {command, [arguments] { return compare(*arguments); }};
}

}  // namespace speciesnet::cli
