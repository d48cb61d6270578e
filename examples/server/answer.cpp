// SPDX-License-Identifier: Apache-2.0
// Short names for people in front, full labels beside them.
#include "answer.hpp"

#include "speciesnet/rules.hpp"
#include "speciesnet/taxonomy.hpp"

#include <string>

namespace server {
namespace {

Json bounding_box(const speciesnet::BoundingBox& box) {
    return {box.xmin, box.ymin, box.width, box.height};
}

/// What a box that was classified shows.
void add_name(Json& box, const speciesnet::Answer& name) {
    box["prediction"] = speciesnet::short_name(name.label);
    box["prediction_score"] = name.score;
    box["prediction_label"] = name.label;
}

/// The detector's own entries; one that stands for the whole picture is not among them.
Json detections(const speciesnet::Prediction& prediction) {
    Json list = Json::array();
    for (const auto& found : *prediction.detections) {
        const auto& detection = found.detection;
        if (detection.category != speciesnet::Category::whole_image) {
            list.push_back({{"category", std::to_string(static_cast<int>(detection.category))},
                            {"label", speciesnet::category_label(detection.category)},
                            {"conf", detection.conf},
                            {"bbox", bounding_box(detection.bbox)}});
            if (found.answer) {
                add_name(list.back(), *found.answer);
            }
        }
    }
    return list;
}

Json top_classes(const speciesnet::Classification& classification) {
    Json list = Json::array();
    for (std::size_t index = 0; index < classification.classes.size(); ++index) {
        const auto& label = classification.classes[index];
        list.push_back({{"label", speciesnet::short_name(label)},
                        {"score", classification.scores[index]},
                        {"full_label", label}});
    }
    return list;
}

void add_failures(Json& result, const speciesnet::Prediction& prediction) {
    if (!prediction.failures.any()) {
        return;
    }
    result["failures"] = speciesnet::failure_names(prediction.failures);
    result["failure_reason"] = prediction.failure_reason;
}

void add_location(Json& result, const speciesnet::Location& location) {
    const auto add = [&](const char* name, const auto& value) {
        if (value) {
            result[name] = *value;
        }
    };
    add("country", location.country);
    add("admin1_region", location.admin1_region);
    add("latitude", location.latitude);
    add("longitude", location.longitude);
}

}  // namespace

Json answer(const speciesnet::Prediction& prediction, const speciesnet::ModelInfo& model) {
    // Null, not absent, where the engine has no answer: clients need not ask twice.
    Json result = {{"prediction", nullptr},        {"prediction_score", nullptr},
                   {"prediction_label", nullptr},  {"prediction_source", nullptr},
                   {"top_classes", Json::array()}, {"detections", Json::array()}};
    if (const auto* const decided = speciesnet::image_answer(prediction)) {
        result["prediction"] = speciesnet::short_name(decided->answer->label);
        result["prediction_score"] = decided->answer->score;
        result["prediction_label"] = decided->answer->label;
        result["prediction_source"] = decided->answer->source;
        result["top_classes"] = top_classes(*decided->classification);
    }
    if (prediction.detections) {
        result["detections"] = detections(prediction);
    }
    add_failures(result, prediction);
    add_location(result, prediction.location);
    result["model_version"] = prediction.model_version;
    if (prediction.truncated) {
        result["truncated"] = true;
    }
    if (model.demo) {
        result["notice"] = demo_notice;
    }
    return result;
}

}  // namespace server
