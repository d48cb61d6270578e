// SPDX-License-Identifier: Apache-2.0
// Implements the accessors of results, and writes results as JSON.
#include "capi/predictions.hpp"

#include "speciesnet/json.hpp"
#include "speciesnet/rules.hpp"

#include "capi/option_structs.hpp"
#include "capi/status.hpp"
#include "capi/values.hpp"

#include <string_view>
#include <utility>

using namespace speciesnet;
using namespace speciesnet::capi;

namespace {

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
        entry.answer = std::make_unique<speciesnet_answer>(*found.answer, found.explanation);
    }
    return entry;
}

/// Returns an array for C: null only if there is none; an empty array has an address.
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

speciesnet_failures speciesnet_prediction_failures(const speciesnet_prediction* prediction) {
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
    return entry == nullptr ? nullptr : entry->answer.get();
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

speciesnet_status speciesnet_predictions_to_json(const speciesnet_predictions* predictions,
                                                 const speciesnet_json_options* options,
                                                 char** text, size_t* length,
                                                 speciesnet_error* error) {
    return guard(text, error, [&] {
        if (length != nullptr) {
            *length = 0;
        }
        const auto json =
            to_json(require(predictions, "predictions")->values, to_cpp(complete(options)));
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
