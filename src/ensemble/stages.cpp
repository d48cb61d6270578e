// SPDX-License-Identifier: Apache-2.0
// Processes one photo: detect, select, crop, classify, apply the rules. The loaded components and
// given detections determine which of these steps run.
#include "speciesnet/utf8_path.hpp"

#include "ensemble/engine.hpp"
#include "preprocess/crop_resize.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet {
namespace {

/// Number of classes in the output. Results per image have always had as many as the rules use.
std::optional<std::size_t> reported_classes(const PredictOptions& options) {
    return options.format == ResultFormat::per_image ? std::optional(classes_for_ensemble)
                                                     : options.max_classifications_per_detection;
}

/// Number of classes to request from the classifier: the rules always receive as many as they need,
/// however many are reported.
std::optional<std::size_t> computed_classes(const PredictOptions& options) {
    const auto reported = reported_classes(options);
    return reported ? std::optional(std::max(*reported, classes_for_ensemble)) : std::nullopt;
}

std::vector<ClassifiedDetection> unclassified(std::span<const Detection> detections) {
    std::vector<ClassifiedDetection> entries;
    entries.reserve(detections.size());
    for (const auto& detection : detections) {
        entries.push_back({.detection = detection});
    }
    return entries;
}

/// Records that an entry has no pixels. This is a failure of the classifier if the image's answer
/// depends only on that entry.
void leave_unclassified(PhotoInWork& photo, std::size_t index, const PredictOptions& options) {
    const auto& detection = (*photo.results.classified)[index].detection;
    if (detection.category == Category::whole_image) {
        photo.failure_reason = "the image is not high enough for a classifier of whole images";
        photo.results.classified.reset();
        return;
    }
    photo.failure_reason = "detection " + std::to_string(index) +
                           " is less than a pixel wide or high and was not classified";
    if (options.format == ResultFormat::per_image) {
        photo.results.classified.reset();
    }
}

}  // namespace

std::optional<std::vector<Detection>> Ensemble::Engine::given_detections(
    const Instance& instance, const PredictOptions& options) const {
    // As in the reference, the classifier alone classifies the whole image if there are no
    // detections, provided that it classifies whole images at all.
    if (!instance.detections && !detector_ && classifier_ && takes_whole_image({}, options)) {
        return std::vector<Detection>{};
    }
    return instance.detections;
}

bool Ensemble::Engine::takes_whole_image(std::span<const Detection> detections,
                                         const PredictOptions& options) const noexcept {
    return info_.type == ModelType::full_image ||
           (options.format == ResultFormat::per_image && detections.empty());
}

std::vector<std::size_t> Ensemble::Engine::select(std::span<const Detection> detections,
                                                  const PredictOptions& options) const {
    if (!classifier_) {
        return {};
    }
    if (takes_whole_image(detections, options) || options.format == ResultFormat::per_image) {
        return {0};
    }
    return select_for_classification(detections, options.classification_threshold,
                                     options.max_classifications_per_image);
}

bool Ensemble::Engine::needs_photo(const Instance& instance, const PredictOptions& options) const {
    const auto detections = given_detections(instance, options);
    return detections ? !select(*detections, options).empty() : detector_ != nullptr;
}

PhotoInWork Ensemble::Engine::begin(const PhotoToDetect& photo,
                                    const PredictOptions& options) const {
    PhotoInWork work{.instance = photo.instance,
                     .results = {},
                     .crops = {},
                     .failure_reason = photo.photo.failure_reason,
                     .truncated = photo.photo.image && photo.photo.image->truncated()};
    work.results.detections = given_detections(*photo.instance, options);
    if (!work.results.detections && !detector_) {
        work.failure_reason = "there are no detections to classify";
    }
    return work;
}

std::vector<PhotoInWork> Ensemble::Engine::detect(std::span<const PhotoToDetect> photos,
                                                  const PredictOptions& options) const {
    if (!detector_ && !classifier_) {
        detector();  // Throws, because the rules alone do not use photos.
    }
    std::vector<PhotoInWork> works;
    std::vector<const Image*> images;
    std::vector<std::size_t> owners;
    for (const auto& photo : photos) {
        works.push_back(begin(photo, options));
        if (!works.back().results.detections && detector_ && photo.photo.image) {
            images.push_back(&*photo.photo.image);
            owners.push_back(works.size() - 1);
        }
    }
    auto found = images.empty() ? std::vector<std::vector<Detection>>{} : detector_->detect(images);
    for (std::size_t index = 0; index < owners.size(); ++index) {
        std::erase_if(found[index], [&](const Detection& detection) {
            return detection.conf < options.detection_threshold;
        });
        works[owners[index]].results.detections = std::move(found[index]);
    }
    for (std::size_t index = 0; index < works.size(); ++index) {
        const auto& image = photos[index].photo.image;
        if (works[index].results.detections && classifier_) {
            begin_classification(works[index], image ? &*image : nullptr, options);
        }
    }
    return works;
}

void Ensemble::Engine::begin_classification(PhotoInWork& work, const Image* photo,
                                            const PredictOptions& options) const {
    const auto& detections = *work.results.detections;
    const auto selected = select(detections, options);
    if (!selected.empty() && photo == nullptr) {
        return;
    }
    const auto& entries = work.results.classified.emplace(
        takes_whole_image(detections, options)
            ? std::vector<ClassifiedDetection>{{.detection = whole_image_detection()}}
            : unclassified(detections));
    for (const auto index : selected) {
        work.crops.emplace_back(index, cut(*photo, entries[index].detection));
    }
}

void Ensemble::Engine::classify(std::span<PhotoInWork> photos,
                                const PredictOptions& options) const {
    std::vector<Crop> crops;
    for (auto& photo : photos) {
        for (auto& [index, crop] : photo.crops) {
            if (crop) {
                crops.push_back(std::move(*crop));
            }
        }
    }
    auto classifications = crops.empty() ? std::vector<Classification>{}
                                         : classifier().classify(crops, computed_classes(options));
    auto next = classifications.begin();
    for (auto& photo : photos) {
        for (const auto& [index, crop] : photo.crops) {
            if (crop) {
                (*photo.results.classified)[index].classification = std::move(*next++);
            } else {
                leave_unclassified(photo, index, options);
            }
        }
    }
}

Prediction Ensemble::Engine::decide(PhotoInWork photo, const PredictOptions& options) const {
    auto& results = photo.results;
    Prediction prediction;
    if (rules_) {
        const auto& instance = *photo.instance;
        const auto location = geolocator_->complete(instance.location, utf8_path(instance.filepath),
                                                    options.geolocation);
        prediction = assemble(*rules_, instance.filepath, location, std::move(results),
                              {.max_classifications_per_detection = reported_classes(options),
                               .explain = options.explain,
                               .model_version = info_.version});
    } else {
        prediction.filepath = photo.instance->filepath;
        prediction.location = photo.instance->location;
        prediction.detections = classifier_ ? std::move(results.classified)
                                : results.detections
                                    ? std::optional(unclassified(*results.detections))
                                    : std::nullopt;
        prediction.failures.classifier = classifier_ && !prediction.detections;
        prediction.failures.detector = detector_ && !prediction.detections;
    }
    prediction.failure_reason = std::move(photo.failure_reason);
    prediction.truncated = photo.truncated;
    return prediction;
}

}  // namespace speciesnet
