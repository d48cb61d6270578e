// SPDX-License-Identifier: Apache-2.0
// Writes short readable names first, then full labels.
#include "answer.hpp"

#include "speciesnet/rules.hpp"
#include "speciesnet/taxonomy.hpp"

#include <span>
#include <string>

namespace server {
namespace {

using speciesnet::JsonWriter;

/// Writes the name for a photo, or for a box that was classified.
void write_name(JsonWriter& json, const speciesnet::Answer& name) {
    json.key("prediction").value(speciesnet::short_name(name.label));
    json.key("prediction_score").value(name.score);
    json.key("prediction_label").value(name.label);
}

/// Writes the detector's own entries, without one for the whole image.
void write_detections(JsonWriter& json,
                      std::span<const speciesnet::ClassifiedDetection> detections) {
    for (const auto& found : detections) {
        const auto& [category, conf, bbox] = found.detection;
        if (category != speciesnet::Category::whole_image) {
            json.begin_object();
            json.key("category").value(std::to_string(static_cast<int>(category)));
            json.key("label").value(speciesnet::category_label(category));
            json.key("conf").value(conf);
            json.key("bbox").begin_array();
            json.value(bbox.xmin).value(bbox.ymin).value(bbox.width).value(bbox.height);
            json.end_array();
            if (found.answer) {
                write_name(json, *found.answer);
            }
            json.end_object();
        }
    }
}

void write_top_classes(JsonWriter& json, const speciesnet::Classification& classification) {
    for (std::size_t index = 0; index < classification.classes.size(); ++index) {
        const auto& label = classification.classes[index];
        json.begin_object();
        json.key("label").value(speciesnet::short_name(label));
        json.key("score").value(classification.scores[index]);
        json.key("full_label").value(label);
        json.end_object();
    }
}

/// Writes null instead of nothing if the engine has no answer, which is simpler for clients.
void write_decision(JsonWriter& json, const speciesnet::ClassifiedDetection* decided) {
    if (decided != nullptr) {
        write_name(json, *decided->answer);
        json.key("prediction_source").value(decided->answer->source);
    } else {
        for (const auto* const name :
             {"prediction", "prediction_score", "prediction_label", "prediction_source"}) {
            json.key(name).null();
        }
    }
    json.key("top_classes").begin_array();
    if (decided != nullptr) {
        write_top_classes(json, *decided->classification);
    }
    json.end_array();
}

void write_failures(JsonWriter& json, const speciesnet::Prediction& prediction) {
    if (!prediction.failures.any()) {
        return;
    }
    json.key("failures").begin_array();
    for (const auto& name : speciesnet::failure_names(prediction.failures)) {
        json.value(name);
    }
    json.end_array();
    json.key("failure_reason").value(prediction.failure_reason);
}

void write_location(JsonWriter& json, const speciesnet::Location& location) {
    const auto write = [&](const char* name, const auto& value) {
        if (value) {
            json.key(name).value(*value);
        }
    };
    write("country", location.country);
    write("admin1_region", location.admin1_region);
    write("latitude", location.latitude);
    write("longitude", location.longitude);
}

}  // namespace

void write_answer(JsonWriter& json, const speciesnet::Prediction& prediction,
                  const speciesnet::ModelInfo& model) {
    json.begin_object();
    write_decision(json, speciesnet::image_answer(prediction));
    json.key("detections").begin_array();
    if (prediction.detections) {
        write_detections(json, *prediction.detections);
    }
    json.end_array();
    write_failures(json, prediction);
    write_location(json, prediction.location);
    json.key("model_version").value(prediction.model_version);
    if (prediction.truncated) {
        json.key("truncated").value(true);
    }
    if (model.demo) {
        json.key("notice").value(demo_notice);
    }
    json.end_object();
}

}  // namespace server
