// SPDX-License-Identifier: Apache-2.0
// Writes predictions with the reference's fields, in the same order.
#include "speciesnet/json.hpp"
#include "speciesnet/rules.hpp"

#include "json/format.hpp"
#include "text/json_writer.hpp"

#include <algorithm>

namespace speciesnet {

std::vector<std::string_view> failure_names(const Failures& failures) {
    std::vector<std::string_view> names;
    for (const auto& [name, flag] : named_failures) {
        if (failures.*flag) {
            names.push_back(name);
        }
    }
    return names;
}

namespace {

template <typename Value>
void write_field(JsonWriter& json, const char* name, const std::optional<Value>& value) {
    if (value) {
        json.key(name).value(*value);
    }
}

template <typename Values>
void write_list(JsonWriter& json, const char* name, const Values& values) {
    json.key(name).begin_array();
    for (const auto& value : values) {
        json.value(value);
    }
    json.end_array();
}

void write_failures(JsonWriter& json, const Failures& failures) {
    if (!failures.any()) {
        return;
    }
    json.key("failures").begin_array();
    for (const auto& name : failure_names(failures)) {
        json.value(name);
    }
    json.end_array();
}

void write_location(JsonWriter& json, const Location& location) {
    write_field(json, "country", location.country);
    write_field(json, "admin1_region", location.admin1_region);
    write_field(json, "latitude", location.latitude);
    write_field(json, "longitude", location.longitude);
    write_field(json, "station", location.station);
}

void write_category(JsonWriter& json, Category category) {
    const char digit = category_digit(category);
    json.key("category").value(std::string_view(&digit, 1));
    json.key("label").value(category_label(category));
}

/// Begins an object for a detection and leaves it open for more fields.
void begin_detection(JsonWriter& json, const Detection& detection) {
    const auto& box = detection.bbox;
    json.begin_object();
    write_category(json, detection.category);
    json.key("conf").value(detection.conf);
    write_list(json, "bbox", std::array{box.xmin, box.ymin, box.width, box.height});
}

void write_classification(JsonWriter& json, const char* name,
                          const Classification& classification) {
    json.key(name).begin_object();
    write_list(json, "classes", classification.classes);
    write_list(json, "scores", classification.scores);
    if (classification.target_classes && classification.target_logits) {
        write_list(json, "target_classes", *classification.target_classes);
        write_list(json, "target_logits", *classification.target_logits);
    }
    json.end_object();
}

/// Writes two fields; the second one names the geofence's entry.
void write_blocked_by(JsonWriter& json, const std::string& name, GeofenceRule rule,
                      const std::string& entry) {
    if (rule != GeofenceRule::none) {
        json.key(name).value(geofence_rule_name(rule));
        json.key(name + "_entry").value(entry);
    }
}

void write_rollup(JsonWriter& json, const std::vector<RollupStep>& steps) {
    json.key("rollup").begin_array();
    for (const auto& step : steps) {
        json.begin_object();
        json.key("level").value(taxonomy_level_name(step.level));
        json.key("threshold").value(step.threshold);
        json.key("reached").value(step.reached);
        json.key("sums").begin_array();
        for (const auto& sum : step.sums) {
            json.begin_object();
            json.key("class").value(sum.label);
            json.key("score").value(sum.score);
            write_blocked_by(json, "blocked_by", sum.blocked_by, sum.blocked_by_entry);
            json.end_object();
        }
        json.end_array();
        json.end_object();
    }
    json.end_array();
}

void write_explanation(JsonWriter& json, const std::optional<Explanation>& explanation) {
    if (!explanation) {
        return;
    }
    json.key("explanation").begin_object();
    json.key("rule").value(explanation->rule);
    json.key("reason").value(explanation->reason);
    json.key("detection").begin_object();
    write_category(json, explanation->detection_category);
    json.key("conf").value(explanation->detection_conf);
    json.end_object();
    write_list(json, "classes", explanation->classes);
    write_list(json, "scores", explanation->scores);
    write_blocked_by(json, "top_class_blocked_by", explanation->top_class_blocked_by,
                     explanation->top_class_blocked_by_entry);
    if (!explanation->top_class_allowed_by_entry.empty()) {
        json.key("top_class_allowed_by_entry").value(explanation->top_class_allowed_by_entry);
    }
    write_rollup(json, explanation->rollup);
    json.end_object();
}

void write_answer(JsonWriter& json, const Answer& answer) {
    json.key("processed_classification").begin_object();
    json.key("class").value(answer.label);
    json.key("score").value(answer.score);
    json.key("source").value(answer.source);
    json.end_object();
}

/// Writes the results of a stage for detections. An entry for the whole image is not a detection.
void write_detections(JsonWriter& json, const std::vector<ClassifiedDetection>& entries,
                      Stage stage) {
    json.key("detections").begin_array();
    for (const auto& entry : entries) {
        if (stage == Stage::detector && entry.detection.category == Category::whole_image) {
            continue;
        }
        begin_detection(json, entry.detection);
        if (stage != Stage::detector && entry.classification) {
            write_classification(json, "raw_classifications", *entry.classification);
        }
        if (stage == Stage::ensemble && entry.answer) {
            write_answer(json, *entry.answer);
            write_explanation(json, entry.explanation);
        }
        json.end_object();
        if (stage == Stage::classifier && entry.detection.category == Category::whole_image) {
            break;
        }
    }
    json.end_array();
}

const Classification* image_classification(const std::vector<ClassifiedDetection>& entries) {
    const auto found = std::find_if(entries.begin(), entries.end(), [](const auto& entry) {
        return entry.classification.has_value();
    });
    return found == entries.end() ? nullptr : &*found->classification;
}

void write_image_answer(JsonWriter& json, const Prediction& prediction) {
    if (const auto* const entry = image_answer(prediction)) {
        json.key("prediction").value(entry->answer->label);
        json.key("prediction_score").value(entry->answer->score);
        json.key("prediction_source").value(entry->answer->source);
        write_explanation(json, entry->explanation);
    }
}

void write_per_image(JsonWriter& json, const Prediction& prediction, Stage stage) {
    if (prediction.detections) {
        const auto* const classification = image_classification(*prediction.detections);
        if (stage != Stage::detector && classification != nullptr) {
            write_classification(json, "classifications", *classification);
        }
        if (stage != Stage::classifier && !prediction.failures.detector) {
            write_detections(json, *prediction.detections, Stage::detector);
        }
    }
    if (stage == Stage::ensemble) {
        write_image_answer(json, prediction);
    }
}

void write_per_detection(JsonWriter& json, const Prediction& prediction, Stage stage) {
    const bool failed = stage == Stage::classifier && prediction.failures.classifier;
    if (prediction.detections && !failed) {
        write_detections(json, *prediction.detections, stage);
    }
}

void write_run(JsonWriter& json, const RunInfo& run) {
    json.key("run_info").begin_object();
    json.key("model_version").value(run.model_version);
    json.key("demo").value(run.demo);
    json.key("settings").begin_object();
    for (const auto& [name, value] : run.settings) {
        json.key(name).value(value);
    }
    json.end_object();
    write_list(json, "folders", run.folders);
    json.end_object();
}

/// Returns the failures that a run of this stage can have.
Failures of_stage(const Failures& failures, Stage stage) {
    switch (stage) {
        case Stage::detector:
            return {.detector = failures.detector};
        case Stage::classifier:
            return {.classifier = failures.classifier};
        case Stage::ensemble:
            break;
    }
    return failures;
}

void write(JsonWriter& json, const Prediction& prediction, const JsonOptions& options) {
    json.begin_object();
    json.key("filepath").value(prediction.filepath);
    write_failures(json, of_stage(prediction.failures, options.stage));
    if (options.stage == Stage::ensemble) {
        write_location(json, prediction.location);
    }
    if (options.format == ResultFormat::per_image) {
        write_per_image(json, prediction, options.stage);
    } else {
        write_per_detection(json, prediction, options.stage);
    }
    if (options.stage == Stage::ensemble && !prediction.model_version.empty()) {
        json.key("model_version").value(prediction.model_version);
    }
    if (!options.model.empty()) {
        json.key("model").value(options.model);
    }
    if (options.failure_reasons && !prediction.failure_reason.empty()) {
        json.key("failure_reason").value(prediction.failure_reason);
    }
    if (prediction.truncated) {
        json.key("truncated").value(true);
    }
    json.end_object();
}

}  // namespace

PredictionsWriter::PredictionsWriter(const JsonOptions& options)
    : json_(std::make_unique<JsonWriter>(options.indent, options.decimals)), options_(options) {
    json_->begin_object();
    if (options.format == ResultFormat::per_detection) {
        json_->key("info").begin_object();
        json_->key("format_version").value(format_version);
        json_->end_object();
    }
    json_->key("predictions").begin_array();
}

PredictionsWriter::PredictionsWriter(PredictionsWriter&&) noexcept = default;
PredictionsWriter& PredictionsWriter::operator=(PredictionsWriter&&) noexcept = default;
PredictionsWriter::~PredictionsWriter() = default;

void PredictionsWriter::add(const Prediction& prediction) {
    write(*json_, prediction, options_);
}

void PredictionsWriter::end() {
    json_->end_array();
    if (options_.run) {
        write_run(*json_, *options_.run);
    }
    json_->end_object();
}

std::string PredictionsWriter::take() {
    return json_->take();
}

std::string to_json(std::span<const Prediction> predictions, const JsonOptions& options) {
    PredictionsWriter writer(options);
    for (const auto& prediction : predictions) {
        writer.add(prediction);
    }
    writer.end();
    return writer.take();
}

std::string to_json(const Prediction& prediction, const JsonOptions& options) {
    JsonWriter json(options.indent, options.decimals);
    write(json, prediction, options);
    return json.take();
}

}  // namespace speciesnet
