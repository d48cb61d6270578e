// SPDX-License-Identifier: Apache-2.0
// Reads detections, classifications and answers.
#include "json/fields.hpp"
#include "json/format.hpp"
#include "json/results.hpp"

namespace speciesnet {
namespace {

constexpr std::array classification_fields{
    field<&Classification::classes>("classes", Presence::required),
    field<&Classification::scores>("scores", Presence::required),
    field<&Classification::target_classes>("target_classes", Presence::optional),
    field<&Classification::target_logits>("target_logits", Presence::optional),
};

constexpr std::array answer_fields{
    field<&Answer::label>("class", Presence::required),
    field<&Answer::score>("score", Presence::required),
    field<&Answer::source>("source", Presence::required),
};

/// The fields of a detection. The label repeats the category in words.
struct DetectionFields {
    Category category = Category::animal;
    std::optional<std::string> label;
    double conf = 0;
    BoundingBox bbox;
    std::optional<Classification> classification;
    std::optional<Answer> answer;
    std::optional<Explanation> explanation;
};

constexpr std::array detection_fields{
    field<&DetectionFields::category>("category", Presence::required),
    field<&DetectionFields::label>("label", Presence::optional),
    field<&DetectionFields::conf>("conf", Presence::required),
    field<&DetectionFields::bbox>("bbox", Presence::required),
    field<&DetectionFields::classification>("raw_classifications", Presence::optional),
    field<&DetectionFields::answer>("processed_classification", Presence::optional),
    field<&DetectionFields::explanation>("explanation", Presence::optional),
};

}  // namespace

void read(JsonValue value, Failures& target) {
    target = {};
    value.for_each_element([&](JsonValue element) {
        NamedFailure failure{};
        read_name(
            element, named_failures, [](const NamedFailure& one) { return one.name; }, failure);
        target.*failure.flag = true;
    });
}

void read(JsonValue value, Category& target) {
    read_name(
        value, categories, [](Category one) { return std::string(1, category_digit(one)); },
        target);
}

void read(JsonValue value, BoundingBox& target) {
    std::vector<double> edges;
    read(value, edges);
    if (edges.size() != 4) {
        value.refuse("has " + std::to_string(edges.size()) + " numbers, not 4");
    }
    target = {edges[0], edges[1], edges[2], edges[3]};
}

void read(JsonValue value, Classification& target) {
    read_object(value, classification_fields, target);
    const auto& [classes, scores, target_classes, target_logits] = target;
    if (classes.size() != scores.size()) {
        value.refuse("has " + std::to_string(classes.size()) + " classes and " +
                     std::to_string(scores.size()) + " scores");
    }
    if (target_classes.has_value() != target_logits.has_value() ||
        (target_classes && target_classes->size() != target_logits->size())) {
        value.refuse("has different numbers of target_classes and target_logits");
    }
}

void read(JsonValue value, Answer& target) {
    read_object(value, answer_fields, target);
}

void read(JsonValue value, ClassifiedDetection& target) {
    DetectionFields fields;
    read_object(value, detection_fields, fields);
    if (fields.label && *fields.label != category_label(fields.category)) {
        value.refuse("has a label that is not that of its category");
    }
    target = {.detection = {.category = fields.category, .conf = fields.conf, .bbox = fields.bbox},
              .classification = std::move(fields.classification),
              .answer = std::move(fields.answer),
              .explanation = std::move(fields.explanation)};
}

}  // namespace speciesnet
