// SPDX-License-Identifier: Apache-2.0
// Predictions: results, read by accessors or written as JSON.
#include "capi/predictions.hpp"

#include "speciesnet/json.hpp"
#include "speciesnet/rules.hpp"

#include "capi/options.hpp"
#include "capi/status.hpp"
#include "capi/values.hpp"

#include <string_view>
#include <utility>

using namespace speciesnet;
using namespace speciesnet::capi;

namespace {

std::vector<speciesnet_scored_label> scored_labels(const std::vector<std::string>& labels,
                                                   const std::vector<double>& scores) {
    std::vector<speciesnet_scored_label> result;
    for (std::size_t index = 0; index < labels.size(); ++index) {
        result.push_back({labels[index].c_str(), scores[index]});
    }
    return result;
}

speciesnet_prediction::Entry make_entry(const ClassifiedDetection& found) {
    speciesnet_prediction::Entry entry;
    if (found.classification) {
        const auto& classification = *found.classification;
        entry.classes = scored_labels(classification.classes, classification.scores);
        if (classification.target_classes && classification.target_logits) {
            entry.targets =
                scored_labels(*classification.target_classes, *classification.target_logits);
        }
    }
    if (found.answer) {
        entry.answer = speciesnet_answer{*found.answer, found.explanation};
    }
    return entry;
}

/// An array for C: null only if there is none; an empty one has an address too.
template <typename Value>
const Value* array_of(const std::optional<std::vector<Value>>& values) {
    static const Value end{};
    if (!values) {
        return nullptr;
    }
    return values->empty() ? &end : values->data();
}

using ScoredLabels = std::optional<std::vector<speciesnet_scored_label>>;

const speciesnet_prediction::Entry* entry_of(const speciesnet_prediction* prediction,
                                             std::size_t detection) {
    const bool exists = prediction != nullptr && detection < prediction->entries.size();
    return exists ? &prediction->entries[detection] : nullptr;
}

const speciesnet_scored_label* labels_of(const speciesnet_prediction* prediction,
                                         std::size_t detection,
                                         ScoredLabels speciesnet_prediction::Entry::*kind,
                                         std::size_t* count) {
    static const ScoredLabels none;
    const auto* entry = entry_of(prediction, detection);
    const auto& labels = entry == nullptr ? none : entry->*kind;
    if (count != nullptr) {
        *count = labels ? labels->size() : 0;
    }
    return array_of(labels);
}

speciesnet_json_options default_json_options() {
    const JsonOptions defaults;
    return {sizeof(speciesnet_json_options),
            static_cast<std::int32_t>(defaults.format),
            static_cast<std::int32_t>(defaults.stage),
            defaults.decimals.value_or(SPECIESNET_SHORTEST),
            defaults.indent,
            defaults.failure_reasons ? 1 : 0,
            0};
}

JsonOptions to_json_options(const speciesnet_json_options* options) {
    constexpr std::int32_t most_decimals = 17;
    constexpr std::int32_t widest_indent = 16;
    const auto given = read_options(options, default_json_options(), "speciesnet_json_options");
    if (given.decimals < SPECIESNET_SHORTEST || given.decimals > most_decimals) {
        throw InvalidArgument("decimals is neither 0 to 17 nor SPECIESNET_SHORTEST");
    }
    if (given.indent < 0 || given.indent > widest_indent) {
        throw InvalidArgument("indent is not 0 to 16");
    }
    return {.format = enumerator(given.format, ResultFormat::per_detection, ResultFormat::per_image,
                                 "format"),
            .stage = enumerator(given.stage, Stage::ensemble, Stage::classifier, "stage"),
            .decimals = given.decimals == SPECIESNET_SHORTEST ? std::nullopt
                                                              : std::optional<int>(given.decimals),
            .indent = given.indent,
            .failure_reasons = to_flag(given.failure_reasons, "failure_reasons")};
}

}  // namespace

speciesnet_prediction::speciesnet_prediction(const Prediction& prediction) : value(&prediction) {
    if (!prediction.detections) {
        return;
    }
    detections.emplace();
    for (const auto& found : *prediction.detections) {
        detections->push_back(from_detection(found.detection));
        entries.push_back(make_entry(found));
    }
}

speciesnet_predictions::speciesnet_predictions(std::vector<Prediction> predictions)
    : values(std::move(predictions)), views(values.begin(), values.end()) {}

size_t speciesnet_predictions_count(const speciesnet_predictions* predictions) {
    return predictions == nullptr ? 0 : predictions->views.size();
}

const speciesnet_prediction* speciesnet_predictions_at(const speciesnet_predictions* predictions,
                                                       size_t index) {
    return index < speciesnet_predictions_count(predictions) ? &predictions->views[index] : nullptr;
}

void speciesnet_predictions_free(speciesnet_predictions* predictions) {
    delete predictions;
}

const char* speciesnet_prediction_filepath(const speciesnet_prediction* prediction) {
    return prediction == nullptr ? nullptr : prediction->value->filepath.c_str();
}

int32_t speciesnet_prediction_failures(const speciesnet_prediction* prediction) {
    if (prediction == nullptr) {
        return 0;
    }
    const auto& failures = prediction->value->failures;
    return (failures.classifier ? SPECIESNET_FAILURE_CLASSIFIER : 0) |
           (failures.detector ? SPECIESNET_FAILURE_DETECTOR : 0) |
           (failures.geolocation ? SPECIESNET_FAILURE_GEOLOCATION : 0);
}

const char* speciesnet_prediction_failure_reason(const speciesnet_prediction* prediction) {
    return prediction == nullptr ? nullptr : prediction->value->failure_reason.c_str();
}

int32_t speciesnet_prediction_truncated(const speciesnet_prediction* prediction) {
    return prediction != nullptr && prediction->value->truncated ? 1 : 0;
}

const char* speciesnet_prediction_model_version(const speciesnet_prediction* prediction) {
    return prediction == nullptr ? nullptr : prediction->value->model_version.c_str();
}

void speciesnet_prediction_location(const speciesnet_prediction* prediction,
                                    speciesnet_location* location, size_t size) {
    const Location unknown;
    fill_defaults(location, size,
                  from_location(prediction == nullptr ? unknown : prediction->value->location));
}

const speciesnet_detection* speciesnet_prediction_detections(
    const speciesnet_prediction* prediction) {
    return prediction == nullptr ? nullptr : array_of(prediction->detections);
}

size_t speciesnet_prediction_detection_count(const speciesnet_prediction* prediction) {
    return prediction == nullptr ? 0 : prediction->entries.size();
}

const speciesnet_scored_label* speciesnet_prediction_classes(
    const speciesnet_prediction* prediction, size_t detection, size_t* count) {
    return labels_of(prediction, detection, &speciesnet_prediction::Entry::classes, count);
}

const speciesnet_scored_label* speciesnet_prediction_targets(
    const speciesnet_prediction* prediction, size_t detection, size_t* count) {
    return labels_of(prediction, detection, &speciesnet_prediction::Entry::targets, count);
}

const speciesnet_answer* speciesnet_prediction_answer(const speciesnet_prediction* prediction,
                                                      size_t detection) {
    const auto* entry = entry_of(prediction, detection);
    return entry != nullptr && entry->answer ? &*entry->answer : nullptr;
}

const speciesnet_answer* speciesnet_prediction_image_answer(
    const speciesnet_prediction* prediction) {
    const auto* chosen = prediction == nullptr ? nullptr : image_answer(*prediction->value);
    if (chosen == nullptr) {
        return nullptr;
    }
    const auto index = chosen - prediction->value->detections->data();
    return speciesnet_prediction_answer(prediction, static_cast<std::size_t>(index));
}

void speciesnet_json_options_init(speciesnet_json_options* options, size_t size) {
    fill_defaults(options, size, default_json_options());
}

speciesnet_status speciesnet_predictions_to_json(const speciesnet_predictions* predictions,
                                                 const speciesnet_json_options* options,
                                                 char** text, size_t* length,
                                                 speciesnet_error* error) {
    return guard(text, error, [&] {
        if (length != nullptr) {
            *length = 0;
        }
        const auto json =
            to_json(require(predictions, "predictions")->values, to_json_options(options));
        auto copy = make_text(json);
        if (length != nullptr) {
            *length = json.size();
        }
        return copy;
    });
}

speciesnet_status speciesnet_predictions_from_json(const char* text, size_t length,
                                                   speciesnet_predictions** predictions,
                                                   speciesnet_error* error) {
    return guard(predictions, error, [&] {
        return std::make_unique<speciesnet_predictions>(
            predictions_from_json({require(text, "text"), length}));
    });
}
