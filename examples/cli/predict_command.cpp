// From flags to a predictions document: inputs, what earlier runs left to do, results, output.
#include "predict_command.hpp"

#include "speciesnet/error.hpp"

#include "earlier_results.hpp"
#include "failure_report.hpp"
#include "interrupt_watch.hpp"
#include "journal/journal.hpp"
#include "obtained_model.hpp"
#include "outputs.hpp"
#include "predict_arguments.hpp"
#include "prediction_run.hpp"
#include "progress_display.hpp"
#include "run_results.hpp"
#include "run_settings.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace speciesnet::cli {
namespace {

std::ostream& say() {
    return std::cerr << "speciesnet: ";
}

/// Where the results of an interrupted run are: beside the first output. Empty if there is none.
std::string journal_name(const PredictArguments& arguments) {
    const auto outputs = outputs_of(arguments.outputs);
    return outputs.empty() ? std::string() : outputs.front().file + ".journal";
}

/// The same command finds the journal beside its output; without one there is nothing to continue.
Journal open_journal(const PredictArguments& arguments, std::vector<JournalSetting> settings) {
    const auto name = journal_name(arguments);
    if (name.empty()) {
        return Journal(std::move(settings));
    }
    check_outputs_writable(arguments.outputs);
    return {name,
            arguments.ignore_existing_predictions ? Journal::Earlier::discarded
                                                  : Journal::Earlier::kept,
            std::move(settings)};
}

void recover(const PredictArguments& arguments, RunResults& results) {
    const auto recovered = results.recover();
    if (recovered.kept > 0) {
        say() << recovered.kept << " images were done when the last run was interrupted\n";
    }
    if (recovered.strangers > 0) {
        say() << "note: the interrupted run has done " << recovered.strangers
              << " images that are not among the photos any more\n";
    }
    if (recovered.damaged > 0) {
        say() << "note: " << recovered.damaged << " damaged lines of '" << journal_name(arguments)
              << "' were passed over; the images they were of are processed again\n";
    }
}

/// Takes over what an earlier run has written to the same output file.
void keep_output(const PredictArguments& arguments, const std::vector<Instance>& inputs,
                 RunResults& results) {
    const auto& file = arguments.outputs.predictions_json;
    if (!std::filesystem::exists(file)) {
        return;
    }
    const auto kept = keep_earlier_output(file, components_of(arguments), inputs, results);
    if (kept > 0) {
        say() << kept << " of " << inputs.size() << " images are already in '" << file << "'\n";
    }
}

std::string describe_resumption(const PredictArguments& arguments) {
    if (journal_name(arguments).empty()) {
        return "; with --predictions_json, the same command would go on from there";
    }
    return std::string("; the same command") +
           (arguments.ignore_existing_predictions ? " without --ignore_existing_predictions" : "") +
           " goes on from there";
}

/// @throws Interrupted after a signal
void run_missing(const PredictArguments& arguments, const std::string& model,
                 const std::vector<Instance>& inputs, RunResults& results, FailureReport& report,
                 ProgressDisplay& display) {
    const InterruptWatch watch;
    const auto total = results.missing();
    try {
        run_predictions(
            arguments, model, inputs, results,
            [&](const Prediction& prediction) {
                report.add(prediction);
                display.update(report.finished(), total);
            },
            watch.token());
    } catch (const Cancelled&) {
        display.message("speciesnet: stopped with " +
                        std::to_string(inputs.size() - results.missing()) + " of " +
                        std::to_string(inputs.size()) + " images done" +
                        describe_resumption(arguments));
        throw Interrupted{watch.signal()};
    }
}

JsonOptions document_options(const PredictArguments& arguments) {
    JsonOptions options{.format = arguments.predict.format, .decimals = std::nullopt};
    if (arguments.detector_only) {
        options.stage = Stage::detector;
    } else if (arguments.classifier_only) {
        options.stage = Stage::classifier;
    }
    return options;
}

ExitStatus predict(const PredictArguments& arguments) {
    check_predict_arguments(arguments);
    const auto inputs = collect_inputs(arguments.inputs);
    FetchOptions fetching;
    fetching.force = arguments.force_model_download;
    fetching.networks = !arguments.ensemble_only;
    const auto model = obtain_model(arguments.model, std::move(fetching));
    const auto package = Package::open(model);
    check_model_fits(arguments, package.info());

    const auto settings = run_settings(arguments, package);
    auto journal = open_journal(arguments, settings);
    check_same_settings(journal.settings(), settings, journal_name(arguments));
    RunResults results(inputs.instances, journal);
    recover(arguments, results);
    if (!ignores_existing(journal.settings())) {
        keep_output(arguments, inputs.instances, results);
    }

    ProgressDisplay display(std::cerr, arguments.progress_bars ? ProgressDisplay::style_for_stderr()
                                                               : ProgressDisplay::Style::hidden);
    FailureReport report(display);
    run_missing(arguments, model, inputs.instances, results, report, display);
    const auto unwritten = write_outputs(arguments.outputs, document_options(arguments), results);
    if (unwritten > 0) {
        say() << "the results are kept; the same command writes the outputs anew\n";
        return ExitStatus::could_not_run;
    }
    journal.remove();

    for (const auto& folder : inputs.unreadable_folders) {
        say() << "failed: folder " << folder << '\n';
    }
    if (report.failed() > 0) {
        say() << report.failed() << " of " << inputs.instances.size() << " images failed\n";
    }
    const bool failed = report.failed() > 0 || !inputs.unreadable_folders.empty();
    return failed ? ExitStatus::some_images_failed : ExitStatus::all_fine;
}

}  // namespace

Command add_predict_command(CLI::App& program) {
    const auto arguments = std::make_shared<PredictArguments>();
    auto* command = program.add_subcommand(
        "predict", "Detects, classifies and names the animals in photos; writes predictions JSON");
    add_predict_flags(*command, *arguments);
    command->footer(
        "Examples:\n"
        "  speciesnet predict --model FOLDER --folders photos --country KEN "
        "--predictions_json out.json\n"
        "  speciesnet predict --model demo --filepaths a.jpg,b.jpg\n\n"
        "Exit status: 0 all fine, 1 some images failed, 2 wrong usage, 3 could not run.");
    return {command, [arguments] { return predict(*arguments); }};
}

}  // namespace speciesnet::cli
