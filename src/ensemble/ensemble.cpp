// SPDX-License-Identifier: Apache-2.0
// The public interface of the engine, and batches of files.
#include "speciesnet/ensemble.hpp"

#include "speciesnet/error.hpp"

#include "ensemble/engine.hpp"
#include "ensemble/photo_batch.hpp"
#include "ensemble/read_ahead.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace speciesnet {
namespace {

/// Photos decoded ahead of the networks: enough that they never wait, few enough that memory stays
/// small.
std::size_t read_ahead_depth(const PredictOptions& options) {
    constexpr std::size_t least = 4;
    return std::max(least, 2 * static_cast<std::size_t>(options.decoding_threads));
}

void check_locations(std::span<const Instance> instances, const GeolocationOptions& options) {
    for (std::size_t index = 0; index < instances.size(); ++index) {
        try {
            check_location(instances[index].location, options);
        } catch (const InvalidArgument& error) {
            throw InvalidArgument("instances[" + std::to_string(index) + "] ('" +
                                  instances[index].filepath + "'): " + error.what());
        }
    }
}

template <typename Number>
void check_range(const char* name, Number value, Number most) {
    if (value < 1 || value > most) {
        throw InvalidArgument(std::string(name) + " is " + std::to_string(value) + ", not 1 to " +
                              std::to_string(most));
    }
}

}  // namespace

Ensemble::Ensemble(std::shared_ptr<const Engine> engine) : engine_(std::move(engine)) {}

Ensemble Ensemble::load(const std::string& model, const EnsembleOptions& options) {
    return Ensemble(std::make_shared<const Engine>(Package::open(model), options));
}

Ensemble Ensemble::with_rules(Rules rules) const {
    return Ensemble(std::make_shared<const Engine>(*engine_, std::move(rules)));
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

Precision Ensemble::precision() const noexcept {
    return engine_->precision();
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
    check_location(location, options.geolocation);
    const Instance instance{.filepath = {}, .location = location};
    const PhotoToDetect photo{.instance = &instance,
                              .photo = {.image = image, .failure_reason = {}, .digest = {}}};
    auto works = engine_->detect({&photo, 1}, options);
    engine_->classify(works, options);
    return engine_->decide(std::move(works.front()), options);
}

std::vector<Prediction> Ensemble::predict(std::span<const Instance> instances,
                                          const PredictOptions& options, const Progress& progress,
                                          std::stop_token stop) const {
    std::vector<Prediction> predictions;
    predictions.reserve(instances.size());
    const auto keep = [&](Prediction&& prediction) {
        predictions.push_back(std::move(prediction));
        if (progress) {
            progress(predictions.size(), instances.size());
        }
    };
    predict_each(instances, options, keep, std::move(stop));
    return predictions;
}

void Ensemble::predict_each(std::span<const Instance> instances, const PredictOptions& options,
                            const PredictionReceiver& receiver, std::stop_token stop) const {
    check_locations(instances, options.geolocation);
    check_range("decoding_threads", options.decoding_threads, most_threads);
    check_range("batch_size", options.batch_size, most_photos_together);
    ReadAhead photos(
        instances,
        [&](const Instance& instance) { return engine_->needs_photo(instance, options); },
        options.decoding_threads, read_ahead_depth(options));
    PhotoBatch batch(
        {.detect =
             [&](std::span<const PhotoToDetect> photos_to_detect) {
                 return engine_->detect(photos_to_detect, options);
             },
         .classify = [&](std::span<PhotoInWork> works) { engine_->classify(works, options); },
         .decide = [&](PhotoInWork work) { receiver(engine_->decide(std::move(work), options)); }},
        engine_->detected_at_once());
    for (const auto& instance : instances) {
        if (stop.stop_requested()) {
            batch.deliver();
            throw Cancelled();
        }
        batch.add(instance, photos.next());
        if (batch.size() >= options.batch_size) {
            batch.deliver();
        }
    }
    batch.deliver();
}

}  // namespace speciesnet
