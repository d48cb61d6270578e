// One photo's way: detect, choose what to classify, crop, classify, decide.
#include "pipeline/engine.hpp"

#include "speciesnet/error.hpp"

#include "preprocess/crop_resize.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet {
namespace {

bool wants(Components loaded, Components component) {
    return loaded == Components::all || loaded == component;
}

template <typename Component>
const Component& require(const std::optional<Component>& component, const char* name) {
    if (!component) {
        throw ModelError(
            ErrorCode::model_component_missing,
            std::string("the ") + name + " was not loaded; see EnsembleOptions::components");
    }
    return *component;
}

void keep_top(Classification& classification, std::optional<std::size_t> count) {
    if (count && *count < classification.classes.size()) {
        classification.classes.resize(*count);
        classification.scores.resize(*count);
    }
}

}  // namespace

Ensemble::Engine::Engine(const Package& package, const EnsembleOptions& options)
    : info_(package.info()), threads_(std::make_shared<NetworkThreads>(options.threads)) {
    // The small files first: what is wrong with them is known before seconds are spent on weights.
    if (wants(options.components, Components::rules)) {
        rules_.emplace(package.taxonomy(), package.geofence(), options.geofence);
    }
    std::vector<std::string> labels;
    if (wants(options.components, Components::classifier)) {
        labels = read_labels(package.read(info_.classifier_labels));
    }
    if (wants(options.components, Components::detector)) {
        detector_.emplace(package.read(info_.detector), threads_);
    }
    if (wants(options.components, Components::classifier)) {
        classifier_.emplace(package.read(info_.classifier), std::move(labels),
                            options.target_species, threads_);
    }
}

std::span<const std::string> Ensemble::Engine::labels() const noexcept {
    return classifier_ ? classifier_->labels() : std::span<const std::string>{};
}

const Rules& Ensemble::Engine::rules() const {
    return require(rules_, "taxonomy and geofence");
}
const Detector& Ensemble::Engine::detector() const {
    return require(detector_, "detector");
}
const Classifier& Ensemble::Engine::classifier() const {
    return require(classifier_, "classifier");
}

std::vector<std::optional<Classification>> Ensemble::Engine::classify(
    const Image& image, std::span<const Detection> detections,
    std::optional<std::size_t> top) const {
    std::vector<Crop> crops;
    std::vector<std::size_t> owners;
    for (std::size_t index = 0; index < detections.size(); ++index) {
        auto crop = info_.type == ModelType::full_image
                        ? crop_resize_full_image(image)
                        : crop_resize(image, detections[index].bbox);
        if (crop) {
            crops.push_back(std::move(*crop));
            owners.push_back(index);
        }
    }
    std::vector<std::optional<Classification>> result(detections.size());
    auto classifications = classifier().classify(crops, top);
    for (std::size_t index = 0; index < owners.size(); ++index) {
        result[owners[index]] = std::move(classifications[index]);
    }
    return result;
}

Prediction Ensemble::Engine::predict(const Image& image, std::string filepath,
                                     const Location& location,
                                     const PredictOptions& options) const {
    const bool per_image = options.format == ResultFormat::per_image;
    const auto detections = detector().detect(image);
    const bool whole_image =
        info_.type == ModelType::full_image || (per_image && detections.empty());

    std::vector<Detection> entries;
    if (whole_image) {
        entries.push_back(whole_image_detection());
    }
    entries.insert(entries.end(), detections.begin(), detections.end());

    const auto selected = whole_image || per_image
                              ? std::vector<std::size_t>{0}
                              : select_for_classification(detections, options.detection_threshold,
                                                          options.max_classifications_per_image);
    std::vector<Detection> boxes;
    std::transform(selected.begin(), selected.end(), std::back_inserter(boxes),
                   [&](std::size_t index) { return entries[index]; });
    // The rules always see as many classes as they want, whatever is reported.
    const auto reported =
        per_image ? std::optional(classes_for_ensemble) : options.max_classifications_per_detection;
    const auto computed =
        reported ? std::optional(std::max(*reported, classes_for_ensemble)) : std::nullopt;
    auto classifications = classify(image, boxes, computed);

    Prediction prediction{.filepath = std::move(filepath),
                          .failures = {},
                          .failure_reason = {},
                          .location = location,
                          .detections = std::vector<ClassifiedDetection>(entries.size()),
                          .model_version = info_.version};
    for (std::size_t index = 0; index < entries.size(); ++index) {
        (*prediction.detections)[index].detection = entries[index];
    }
    // Of a whole picture, the top detection decides; without one it counts as an animal of no
    // confidence.
    const Detection top_detection =
        detections.empty() ? Detection{.category = Category::animal} : detections.front();
    for (std::size_t index = 0; index < selected.size(); ++index) {
        auto& entry = (*prediction.detections)[selected[index]];
        if (classifications[index]) {
            const auto& deciding = whole_image ? top_detection : entry.detection;
            entry.answer = rules().combine(*classifications[index], deciding, location);
            keep_top(*classifications[index], reported);
            entry.classification = std::move(classifications[index]);
        } else if (per_image) {
            prediction.failures.classifier = true;
            prediction.failure_reason = "the top detection is less than a pixel wide or high";
        }
    }
    return prediction;
}

}  // namespace speciesnet
