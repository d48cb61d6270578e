// SPDX-License-Identifier: Apache-2.0
// Processes an upload on a worker thread.
#include "service.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/version.hpp"

#include "disguise.hpp"
#include "refusal.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace server {
namespace {

using Clock = std::chrono::steady_clock;

/// Maximum number of boxes classified in addition to the most confident one; each takes as long as
/// a photo.
constexpr std::size_t most_other_boxes = 9;

void check(const std::stop_token& stop) {
    if (stop.stop_requested()) {
        throw speciesnet::Cancelled();
    }
}

/// Each request decides whether the geofence applies, so it is always loaded.
speciesnet::EnsembleOptions loading_options(const Options& options) {
    auto load = options.load;
    load.precision = speciesnet::precision_from_name(options.precision);
    load.device = speciesnet::device_from_name(options.device);
    load.geofence = true;
    return load;
}

/// Classifies the boxes that the answer for the whole photo does not cover.
/// @param place as passed to the engine
void name_other_boxes(speciesnet::Prediction& prediction, const speciesnet::Ensemble& ensemble,
                      const speciesnet::Image& image, const speciesnet::Location& place,
                      speciesnet::PredictOptions choices, const std::stop_token& stop) {
    const bool of_crops = ensemble.info().type == speciesnet::ModelType::always_crop;
    if (!of_crops || prediction.found().size() < 2) {
        return;
    }
    std::vector<speciesnet::Detection> others;
    for (const auto& box : prediction.found().subspan(1)) {
        others.push_back(box.detection);
    }
    const speciesnet::Instance photo{
        .filepath = {}, .location = place, .detections = std::move(others), .image = image};
    choices.format = speciesnet::ResultFormat::per_detection;
    choices.max_classifications_per_image = most_other_boxes;
    auto named = ensemble.predict(std::span(&photo, 1), choices, {}, stop);
    if (auto& boxes = named.front().detections) {
        std::ranges::move(*boxes, prediction.detections->begin() + 1);
    }
}

}  // namespace

Service::Service(const Options& options, Log& log)
    : options_(options),
      folder_(options.temporary_folder),
      model_(options.model, loading_options(options),
             {.species_list = options.species_list, .geofence_overlay = options.geofence_overlay},
             log),
      queue_(options.workers, options.queue) {}

speciesnet::Image Service::decode(std::span<const std::byte> bytes,
                                  std::optional<std::string_view> declared_type,
                                  const std::stop_token& stop) {
    const auto begun = Clock::now();
    auto image = speciesnet::decode(bytes, declared_type, options_.decode, stop);
    if (const auto other = disguised_format(bytes)) {
        throw speciesnet::InvalidImage(speciesnet::ErrorCode::media_type_mismatch,
                                       "The file is also a " + std::string(*other));
    }
    metrics_.observe(Stage::decode, Clock::now() - begun);
    return image;
}

speciesnet::Image Service::decode_file(const speciesnet::FileDescriptor& file,
                                       const std::stop_token& stop) {
    if (file_size(file) > options_.decode.max_bytes) {
        throw speciesnet::InvalidImage(
            speciesnet::ErrorCode::media_too_large,
            "The file is larger than " + std::to_string(options_.decode.max_bytes) + " bytes");
    }
    return decode(read_file(file), std::nullopt, stop);
}

speciesnet::Prediction Service::identify(const Upload& upload, const RequestedLocation& place,
                                         const std::stop_token& stop) {
    const auto& ensemble = model_.get();
    const auto image = decode(upload.file.read(), upload.declared_type, stop);
    check(stop);
    const auto begun = Clock::now();
    auto choices = options_.predict;
    choices.format = speciesnet::ResultFormat::per_image;
    auto prediction = ensemble.predict(image, place.for_engine(), choices);
    if (place.every_box) {
        name_other_boxes(prediction, ensemble, image, place.for_engine(), choices, stop);
    }
    metrics_.observe(Stage::predict, Clock::now() - begun);
    if (!place.geofence) {
        prediction.location = place.location;
    }
    return prediction;
}

std::vector<speciesnet::Prediction> Service::predict(
    std::span<const speciesnet::Instance> instances,
    std::span<const speciesnet::FileDescriptor> files, const std::stop_token& stop) {
    const auto& ensemble = model_.get();
    std::vector<speciesnet::Prediction> predictions;
    for (std::size_t index = 0; index < instances.size(); ++index) {
        check(stop);
        const auto& instance = instances[index];
        speciesnet::Prediction prediction;
        try {
            const auto image = decode_file(files[index], stop);
            const auto begun = Clock::now();
            prediction = ensemble.predict(image, instance.location, options_.predict);
            metrics_.observe(Stage::predict, Clock::now() - begun);
        } catch (const speciesnet::InvalidImage& error) {
            prediction.failures = {.classifier = true, .detector = true};
            prediction.failure_reason = error.what();
            prediction.location = instance.location;
            prediction.model_version = ensemble.info().version;
        }
        prediction.filepath = instance.filepath;
        predictions.push_back(std::move(prediction));
    }
    return predictions;
}

void Service::check_ready() const {
    model_.check();
    if (!folder_.usable()) {
        throw busy_refusal("The temporary folder is missing or not writable");
    }
    if (queue_.overdue() == queue_.workers()) {
        throw busy_refusal("All workers are busy with photos that take too long");
    }
    if (!queue_.has_room()) {
        throw busy_refusal("Too many photos are waiting");
    }
}

Gauges Service::gauges() const {
    const auto* const ensemble = model_.get_if_ready();
    return {.waiting = queue_.waiting(),
            .queue_capacity = options_.queue,
            .running = queue_.running(),
            .overdue = queue_.overdue(),
            .version = std::string(speciesnet::version),
            .model_ready = ensemble != nullptr,
            .model_version = ensemble != nullptr ? ensemble->info().version : std::string(),
            .demo = ensemble != nullptr && ensemble->info().demo};
}

}  // namespace server
