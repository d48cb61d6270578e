// SPDX-License-Identifier: Apache-2.0
// Reads predictions in either format and from any stage.
#include "speciesnet/json.hpp"

#include "json/fields.hpp"
#include "json/list_splitter.hpp"
#include "json/results.hpp"

#include <limits>
#include <memory>
#include <utility>

namespace speciesnet {
namespace {

/// A prediction, and the fields that per-image documents have in addition to its detections.
struct PredictionFields {
    Prediction prediction;
    std::optional<Classification> classification;
    std::optional<std::string> label;
    std::optional<double> score;
    std::optional<std::string> source;
    std::optional<Explanation> explanation;
};

/// A field that is read into a member of the prediction.
template <auto member>
constexpr auto prediction_field(std::string_view name, Presence presence) {
    return JsonField<PredictionFields>{
        name, presence,
        [](JsonValue value, PredictionFields& target) { read(value, target.prediction.*member); }};
}

/// A field that is read into a member of the prediction's location.
template <auto member>
constexpr auto location_field(std::string_view name) {
    return JsonField<PredictionFields>{name, Presence::unknown_if_nan,
                                       [](JsonValue value, PredictionFields& target) {
                                           read(value, target.prediction.location.*member);
                                       }};
}

constexpr std::array prediction_fields{
    prediction_field<&Prediction::filepath>("filepath", Presence::required),
    prediction_field<&Prediction::failures>("failures", Presence::optional),
    location_field<&Location::country>("country"),
    location_field<&Location::admin1_region>("admin1_region"),
    location_field<&Location::latitude>("latitude"),
    location_field<&Location::longitude>("longitude"),
    location_field<&Location::station>("station"),
    field<&PredictionFields::classification>("classifications", Presence::optional),
    prediction_field<&Prediction::detections>("detections", Presence::optional),
    field<&PredictionFields::label>("prediction", Presence::optional),
    field<&PredictionFields::score>("prediction_score", Presence::optional),
    field<&PredictionFields::source>("prediction_source", Presence::optional),
    field<&PredictionFields::explanation>("explanation", Presence::optional),
    prediction_field<&Prediction::model_version>("model_version", Presence::optional),
    prediction_field<&Prediction::failure_reason>("failure_reason", Presence::optional),
    prediction_field<&Prediction::truncated>("truncated", Presence::optional),
};

/// Converts the results that per-image documents have for the image to an entry for the whole
/// image, before the detector's entries.
void add_whole_image(PredictionFields& fields) {
    if (!fields.classification && !fields.label) {
        return;
    }
    ClassifiedDetection entry{.detection = whole_image_detection(),
                              .classification = std::move(fields.classification),
                              .answer = std::nullopt,
                              .explanation = std::move(fields.explanation)};
    if (fields.label) {
        entry.answer = {.label = *fields.label,
                        .score = fields.score.value_or(std::numeric_limits<double>::quiet_NaN()),
                        .source = fields.source.value_or("")};
    }
    auto& detections = fields.prediction.detections;
    if (!detections) {
        detections.emplace();
    }
    detections->insert(detections->begin(), std::move(entry));
}

/// Reads an element of a document's list.
Prediction read_prediction(JsonValue value) {
    PredictionFields fields;
    read_object(value, prediction_fields, fields);
    add_whole_image(fields);
    return std::move(fields.prediction);
}

/// Reads an element from its own text. @param place its position in the document
Prediction read_element(std::string_view element, const JsonPlace& place) {
    Prediction prediction;
    read_document(
        element, [&](JsonValue root) { prediction = read_prediction(root); }, place);
    return prediction;
}

constexpr std::string_view list_name = "predictions";

/// A document that is being read.
struct Document {
    const std::function<void(Prediction&&)>& receiver;
    std::optional<RunInfo> run = std::nullopt;
};

constexpr std::array run_fields{
    field<&RunInfo::model_version>("model_version", Presence::optional),
    field<&RunInfo::demo>("demo", Presence::optional),
    field<&RunInfo::folders>("folders", Presence::optional),
    JsonField<RunInfo>{"settings", Presence::optional,
                       [](JsonValue value, RunInfo& target) {
                           value.for_each_field([&](std::string_view name, JsonValue setting) {
                               target.settings.emplace_back(name, setting.text());
                           });
                       }},
};

constexpr std::array document_fields{
    JsonField<Document>{list_name, Presence::required,
                        [](JsonValue value, Document& target) {
                            value.for_each_element([&](JsonValue element) {
                                target.receiver(read_prediction(element));
                            });
                        }},
    JsonField<Document>{"run_info", Presence::optional,
                        [](JsonValue value, Document& target) {
                            read_object(value, run_fields, target.run.emplace());
                        }},
};

std::optional<RunInfo> read_predictions(std::string_view document,
                                        const std::function<void(Prediction&&)>& receiver) {
    Document content{.receiver = receiver};
    read_document(document, [&](JsonValue root) { read_object(root, document_fields, content); });
    return std::move(content.run);
}

}  // namespace

void predictions_from_json(std::string_view document,
                           const std::function<void(Prediction&&)>& receiver) {
    read_predictions(document, receiver);
}

std::vector<Prediction> predictions_from_json(std::string_view document) {
    std::vector<Prediction> predictions;
    predictions_from_json(
        document, [&](Prediction&& prediction) { predictions.push_back(std::move(prediction)); });
    return predictions;
}

Prediction prediction_from_json(std::string_view element) {
    return read_element(element, {});
}

PredictionsReader::PredictionsReader(std::function<void(Prediction&&)> receiver)
    : receiver_(std::move(receiver)),
      splitter_(std::make_unique<ListSplitter>(list_name, [this](std::string_view element) {
          const JsonPlace document;
          const JsonPlace list{.parent = &document, .field = list_name};
          receiver_(read_element(element, {.parent = &list, .element = predictions_++}));
      })) {}

PredictionsReader::~PredictionsReader() = default;

void PredictionsReader::add(std::string_view piece) {
    splitter_->add(piece);
}

void PredictionsReader::end() {
    run_ = read_predictions(splitter_->frame(), receiver_);
}

}  // namespace speciesnet
