// SPDX-License-Identifier: Apache-2.0
// Implements the public interface of the engine, and batches of files.
#include "speciesnet/ensemble.hpp"

#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "ensemble/engine.hpp"
#include "ensemble/photo_batch.hpp"
#include "ensemble/read_ahead.hpp"

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

namespace speciesnet {
namespace {

/// Number of photos that are decoded ahead of the networks: enough that the networks never wait,
/// few enough to limit memory.
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
void check_range(const char* name, Number value, Number least, Number most) {
    // The negation makes NaN fail as well.
    if (!(value >= least && value <= most)) {
        std::ostringstream sentence;
        sentence << name << " is " << value << ", not " << least << " to " << most;
        throw InvalidArgument(sentence.str());
    }
}

void check_options(const PredictOptions& options) {
    // <options check predict> by scripts/generate_options
    check_range("detection_threshold", options.detection_threshold, double{0.01}, double{1});
    check_range("classification_threshold", options.classification_threshold, double{0}, double{1});
    check_range("batch_size", options.batch_size, std::size_t{1}, std::size_t{1024});
    check_range("decoding_threads", options.decoding_threads, int{1}, int{1024});
    // </options>
}

}  // namespace

Ensemble::Ensemble(std::shared_ptr<const Engine> engine) : engine_(std::move(engine)) {}

Ensemble Ensemble::load(const std::string& model, const EnsembleOptions& options) {
    FetchOptions fetching;
    fetching.offline = options.offline;
    fetching.networks =
        options.components == Components::all || options.components == Components::detector;
    const auto place = model == demo_model_name ? model : utf8_text(fetch_model(model, fetching));
    return load(Package::open(place), options);
}

Ensemble Ensemble::load(const Package& package, const EnsembleOptions& options) {
    return Ensemble(std::make_shared<const Engine>(
        options.detector.empty() ? package : package.with_detector(options.detector), options));
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

MediaInfo Ensemble::validate(std::span<const std::byte> bytes,
                             std::optional<std::string_view> declared_type,
                             const DecodeLimits& limits) {
    return speciesnet::validate(bytes, declared_type, limits);
}

Answer Ensemble::geofence(const Classification& classification, const Location& location) const {
    return rules().apply_geofence(classification.classes, classification.scores, location);
}

Prediction Ensemble::predict(const Image& image, const Location& location,
                             const PredictOptions& options) const {
    check_location(location, options.geolocation);
    check_options(options);
    const PhotoToDetect photo{.instance = std::make_shared<const Instance>(
                                  Instance{.filepath = {}, .location = location}),
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
    engine_->predict_each(source_of(instances), options, receiver, stop);
}

void Ensemble::predict_each(const InstanceSource& source, const PredictOptions& options,
                            const PredictionReceiver& receiver, std::stop_token stop) const {
    const auto next = [&]() -> SharedInstance {
        auto instance = source();
        if (!instance) {
            return nullptr;
        }
        check_locations({&*instance, 1}, options.geolocation);
        return std::make_shared<const Instance>(std::move(*instance));
    };
    engine_->predict_each(next, options, receiver, stop);
}

void Ensemble::Engine::predict_each(ReadAhead::Source source, const PredictOptions& options,
                                    const PredictionReceiver& receiver,
                                    const std::stop_token& stop) const {
    check_options(options);
    ReadAhead photos(
        std::move(source), [&](const Instance& instance) { return needs_photo(instance, options); },
        options.decoding_threads, read_ahead_depth(options));
    PhotoBatch batch({.detect =
                          [&](std::span<const PhotoToDetect> photos_to_detect) {
                              return detect(photos_to_detect, options);
                          },
                      .classify = [&](std::span<PhotoInWork> works) { classify(works, options); },
                      .decide =
                          [&](PhotoInWork work) {
                              auto prediction = decide(std::move(work), options);
                              report_failure(prediction);
                              receiver(std::move(prediction));
                          }},
                     detected_at_once());
    while (true) {
        auto next = photos.next();
        if (!next) {
            break;
        }
        if (stop.stop_requested()) {
            batch.deliver();
            throw Cancelled();
        }
        batch.add(next->instance, std::move(next->photo));
        if (batch.size() >= options.batch_size) {
            batch.deliver();
        }
    }
    batch.deliver();
}

}  // namespace speciesnet
