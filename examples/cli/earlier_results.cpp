// Who made a document shows in its fields: only answers have a model version, only classifier
// results have classifications.
#include "earlier_results.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/rules.hpp"

#include "naming_flag.hpp"
#include "text_file.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_set>

namespace speciesnet::cli {
namespace {

bool is_answered(const Prediction& prediction) {
    return !prediction.model_version.empty() || image_answer(prediction) != nullptr;
}

bool is_classified(const Prediction& prediction) {
    return prediction.detections &&
           std::any_of(prediction.detections->begin(), prediction.detections->end(),
                       [](const ClassifiedDetection& entry) { return entry.classification; });
}

std::optional<Components> guess_components(std::span<const Prediction> predictions) {
    if (std::any_of(predictions.begin(), predictions.end(), is_answered)) {
        return Components::rules;
    }
    if (std::any_of(predictions.begin(), predictions.end(), is_classified)) {
        return Components::classifier;
    }
    if (std::any_of(predictions.begin(), predictions.end(),
                    [](const Prediction& prediction) { return prediction.detections; })) {
        return Components::detector;
    }
    return std::nullopt;
}

}  // namespace

std::vector<Prediction> read_earlier_results(const std::string& flag, const std::string& file,
                                             std::span<const Instance> instances) {
    std::unordered_set<std::string_view> wanted;
    for (const auto& instance : instances) {
        wanted.insert(instance.filepath);
    }
    auto predictions =
        naming_flag(flag, [&] { return predictions_from_json(read_text_file(file)); });
    for (const auto& prediction : predictions) {
        if (!wanted.contains(prediction.filepath)) {
            throw InvalidArgument(flag + ": '" + file + "' has results of '" + prediction.filepath +
                                  "', which is not among the photos of this run; earlier results "
                                  "must be of the same photos");
        }
    }
    std::erase_if(predictions,
                  [](const Prediction& prediction) { return prediction.failures.any(); });
    return predictions;
}

void check_same_components(std::span<const Prediction> earlier, Components components,
                           const std::string& file) {
    const auto made_by = guess_components(earlier);
    const auto expected = components == Components::all ? Components::rules : components;
    if (made_by && *made_by != expected) {
        throw InvalidArgument("--predictions_json: '" + file +
                              "' holds results of other components than this run's; name another "
                              "file, or replace it with --ignore_existing_predictions");
    }
}

}  // namespace speciesnet::cli
