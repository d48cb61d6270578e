// Who made a document shows in its fields: only answers have a model version, only classifier
// results have classifications.
#include "earlier_results.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/rules.hpp"

#include "predictions_file.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace speciesnet::cli {
namespace {

constexpr auto output_flag = "--predictions_json";

bool is_answered(const Prediction& prediction) {
    return !prediction.model_version.empty() || image_answer(prediction) != nullptr;
}

bool is_classified(const Prediction& prediction) {
    return prediction.detections &&
           std::any_of(prediction.detections->begin(), prediction.detections->end(),
                       [](const ClassifiedDetection& entry) { return entry.classification; });
}

/// What made a document, by its predictions.
class ComponentsGuess {
public:
    void add(const Prediction& prediction) {
        answered_ = answered_ || is_answered(prediction);
        classified_ = classified_ || is_classified(prediction);
        detected_ = detected_ || prediction.detections.has_value();
    }

    std::optional<Components> result() const {
        if (answered_) {
            return Components::rules;
        }
        if (classified_) {
            return Components::classifier;
        }
        return detected_ ? std::optional(Components::detector) : std::nullopt;
    }

private:
    bool answered_ = false;
    bool classified_ = false;
    bool detected_ = false;
};

void check_same_components(const std::string& file, Components components,
                           const RunResults& results) {
    ComponentsGuess guess;
    for_each_earlier_result(
        output_flag, file, results,
        [&](std::size_t, const Prediction& prediction) { guess.add(prediction); });
    const auto expected = components == Components::all ? Components::rules : components;
    if (guess.result().value_or(expected) != expected) {
        throw InvalidArgument(std::string(output_flag) + ": '" + file +
                              "' holds results of other components than this run's; name another "
                              "file, or replace it with --ignore_existing_predictions");
    }
}

}  // namespace

void for_each_earlier_result(const std::string& flag, const std::string& file,
                             const RunResults& results,
                             const std::function<void(std::size_t, const Prediction&)>& visit) {
    PredictionsFile(file, flag).for_each([&](const Prediction& prediction) {
        const auto input = results.find(prediction.filepath, 0);
        if (!input) {
            throw InvalidArgument(flag + ": '" + file + "' has results of '" + prediction.filepath +
                                  "', which is not among the photos of this run; earlier results "
                                  "must be of the same photos");
        }
        if (!prediction.failures.any()) {
            visit(*input, prediction);
        }
    });
}

std::size_t keep_earlier_output(const std::string& file, Components components,
                                std::span<const Instance> inputs, RunResults& results) {
    check_same_components(file, components, results);
    std::size_t found = 0;
    std::vector<std::uint32_t> of_same_path(inputs.size());
    for_each_earlier_result(
        output_flag, file, results, [&](std::size_t first, const Prediction& prediction) {
            ++found;
            const auto input = results.find(prediction.filepath, of_same_path[first]++);
            if (input && !results.has(*input)) {
                results.add(*input, prediction);
            }
        });
    return found;
}

EarlierResults::EarlierResults(const std::string& flag, const std::string& file,
                               std::span<const Instance> inputs)
    : journal_(std::vector<JournalSetting>()), results_(inputs, journal_) {
    for_each_earlier_result(flag, file, results_,
                            [this](std::size_t input, const Prediction& prediction) {
                                results_.add(input, prediction);
                            });
}

std::optional<Prediction> EarlierResults::find(std::string_view filepath) const {
    const auto input = results_.find(filepath, 0);
    return input && results_.has(*input) ? std::optional(results_.read(*input)) : std::nullopt;
}

}  // namespace speciesnet::cli
