// The public face of the engine, and batches of files.
#include "speciesnet/ensemble.hpp"

#include "speciesnet/error.hpp"

#include "pipeline/engine.hpp"
#include "pipeline/read_ahead.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet {
namespace {

/// Photos decoded ahead of the networks: enough that they never wait, few enough that memory stays
/// small.
constexpr std::size_t read_ahead_depth = 4;
constexpr int read_ahead_threads = 2;

}  // namespace

Ensemble::Ensemble(std::shared_ptr<const Engine> engine) : engine_(std::move(engine)) {}

Ensemble Ensemble::load(const std::string& model, const EnsembleOptions& options) {
    return Ensemble(std::make_shared<const Engine>(Package::open(model), options));
}

const ModelInfo& Ensemble::info() const noexcept {
    return engine_->info();
}
const Rules& Ensemble::rules() const {
    return engine_->rules();
}
std::span<const std::string> Ensemble::labels() const noexcept {
    return engine_->labels();
}
int Ensemble::threads() const noexcept {
    return engine_->threads().threads();
}

std::vector<Detection> Ensemble::detect(const Image& image) const {
    return engine_->detector().detect(image);
}

std::vector<std::optional<Classification>> Ensemble::classify(
    const Image& image, std::span<const Detection> detections,
    std::optional<std::size_t> top) const {
    return engine_->classify(image, detections, top);
}

Prediction Ensemble::predict(const Image& image, const Location& location,
                             const PredictOptions& options) const {
    check_location(location);
    return engine_->predict(image, {}, location, options);
}

std::vector<Prediction> Ensemble::predict(std::span<const Instance> instances,
                                          const PredictOptions& options, const Progress& progress,
                                          std::stop_token stop) const {
    for (const auto& instance : instances) {
        check_location(instance.location);
    }
    std::vector<Prediction> predictions;
    predictions.reserve(instances.size());
    ReadAhead photos(instances, read_ahead_threads, read_ahead_depth);
    for (const auto& instance : instances) {
        if (stop.stop_requested()) {
            throw Cancelled();
        }
        auto photo = photos.next();
        if (photo.image) {
            predictions.push_back(
                engine_->predict(*photo.image, instance.filepath, instance.location, options));
        } else {
            predictions.push_back({.filepath = instance.filepath,
                                   .failures = {.classifier = true, .detector = true},
                                   .failure_reason = std::move(photo.failure_reason),
                                   .location = instance.location,
                                   .detections = std::nullopt,
                                   .model_version = engine_->info().version});
        }
        if (progress) {
            progress(predictions.size(), instances.size());
        }
    }
    return predictions;
}

}  // namespace speciesnet
