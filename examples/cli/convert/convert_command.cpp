// SPDX-License-Identifier: Apache-2.0
// Reads the document once for each output that needs it.
#include "convert_command.hpp"

#include "speciesnet/json.hpp"
#include "speciesnet/utf8_path.hpp"

#include "flags/result_format_flag.hpp"
#include "output/output_arguments.hpp"
#include "output/outputs.hpp"
#include "results/merged_documents.hpp"
#include "stations/station_photos.hpp"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace speciesnet::cli {
namespace {

struct ConvertArguments {
    std::vector<std::string> documents;
    ResultFormat format = ResultFormat::per_detection;
    OutputArguments outputs;
};

ExitStatus convert(const ConvertArguments& arguments) {
    check_output_arguments(arguments.outputs);
    const auto outputs = output_files(arguments.outputs);
    for (const auto& document : arguments.documents) {
        outputs.check_input("the document", document);
        outputs.check_input("its journal of reviews",
                            utf8_text(review_journal_of(utf8_path(document))));
    }
    outputs.check_input("--stations", arguments.outputs.stations.stations);
    outputs.check_input("--repeats", arguments.outputs.repeats);
    check_outputs_writable(arguments.outputs);
    const MergedDocuments results(arguments.documents, corrections(arguments.outputs));
    if (results.replaced() > 0) {
        std::cerr << "speciesnet: note: " << results.replaced()
                  << " results are of photos that are in several documents; the last one without a "
                     "failure counts\n";
    }
    // Reads the whole document first, so that errors in it and conflicts with its photos are
    // reported before anything is written.
    results.for_each([&outputs](const Prediction& prediction) {
        outputs.check_input("the photo", prediction.filepath);
    });
    const auto stations = read_stations(arguments.outputs.stations);
    fit_of(stations, results).note([](const std::string& text) {
        std::cerr << "speciesnet: note: " << text << '\n';
    });
    const JsonOptions options{.format = arguments.format, .decimals = std::nullopt};
    return write_outputs(arguments.outputs, options, results, results) > 0
               ? ExitStatus::could_not_run
               : ExitStatus::all_fine;
}

}  // namespace

Command add_convert_command(CLI::App& program) {
    const auto arguments = std::make_shared<ConvertArguments>();
    auto* command = program.add_subcommand(
        "convert", "Writes results in the formats of other programs; merges documents");
    command
        ->add_option("FILE", arguments->documents,
                     "Documents of predict, run_model, or MegaDetector and its tools, or folders "
                     "of Camtrap DP; several are merged")
        ->required();
    command
        ->add_option("--predictions_json", arguments->outputs.predictions_json,
                     "SpeciesNet's document")
        ->type_name("FILE");
    add_result_format_flag(*command, arguments->format);
    add_output_flags(*command, arguments->outputs);
    command->footer(
        "Examples:\n"
        "  speciesnet convert out.json --csv out.csv\n"
        "  speciesnet convert out.json --megadetector_json timelapse.json --base_folder photos\n"
        "  speciesnet convert out.json --camtrap_dp package --sequence_gap 60\n"
        "  speciesnet convert card1.json card2.json --predictions_json season.json\n"
        "  speciesnet convert timelapse.json --csv out.csv\n\n"
        "Exit status: 0 all fine, 2 wrong usage or document, 3 could not read or write.");
    return {command, [arguments] { return convert(*arguments); }};
}

}  // namespace speciesnet::cli
