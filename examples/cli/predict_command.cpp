// From flags to a predictions document: inputs, what earlier runs left to do, results, output.
#include "predict_command.hpp"

#include "speciesnet/error.hpp"

#include "earlier_results.hpp"
#include "predict_arguments.hpp"
#include "prediction_run.hpp"
#include "predictions_output.hpp"
#include "text_file.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace speciesnet::cli {
namespace {

/// What an earlier run has written to the same output file.
std::vector<Prediction> read_earlier_output(const PredictArguments& arguments,
                                            const std::vector<Instance>& instances) {
    const auto& file = arguments.predictions_json;
    if (file.empty()) {
        return {};
    }
    check_writable(file);
    if (arguments.ignore_existing_predictions || !std::filesystem::exists(file)) {
        return {};
    }
    auto earlier = read_earlier_results("--predictions_json", file, instances);
    check_same_components(earlier, components_of(arguments), file);
    return earlier;
}

std::vector<Instance> without(const std::vector<Instance>& instances,
                              const std::vector<Prediction>& earlier) {
    std::unordered_set<std::string_view> done;
    for (const auto& prediction : earlier) {
        done.insert(prediction.filepath);
    }
    std::vector<Instance> remaining;
    std::copy_if(instances.begin(), instances.end(), std::back_inserter(remaining),
                 [&](const Instance& instance) { return !done.contains(instance.filepath); });
    return remaining;
}

/// Puts earlier and new results into the order of the inputs.
std::vector<Prediction> merge(const std::vector<Instance>& instances,
                              std::vector<Prediction> earlier, std::vector<Prediction> computed) {
    std::unordered_map<std::string_view, const Prediction*> kept;
    for (const auto& prediction : earlier) {
        kept[prediction.filepath] = &prediction;
    }
    std::vector<Prediction> merged;
    merged.reserve(instances.size());
    auto next = computed.begin();
    for (const auto& instance : instances) {
        const auto found = kept.find(instance.filepath);
        merged.push_back(found != kept.end() ? *found->second : std::move(*next++));
    }
    return merged;
}

ExitStatus predict(const PredictArguments& arguments) {
    check_predict_arguments(arguments);
    const auto inputs = collect_inputs(arguments.inputs);
    auto earlier = read_earlier_output(arguments, inputs.instances);
    if (!earlier.empty()) {
        std::cerr << "speciesnet: " << earlier.size() << " of " << inputs.instances.size()
                  << " images are already in '" << arguments.predictions_json << "'\n";
    }
    auto computed =
        run_predictions(arguments, inputs.instances, without(inputs.instances, earlier));
    const auto predictions = merge(inputs.instances, std::move(earlier), std::move(computed));
    write_predictions(arguments, predictions);

    for (const auto& folder : inputs.unreadable_folders) {
        std::cerr << "speciesnet: failed: folder " << folder << '\n';
    }
    const bool failed = report_failures(predictions) > 0 || !inputs.unreadable_folders.empty();
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
