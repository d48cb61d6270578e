// From an upload to a prediction, on a worker thread.
#include "service.hpp"

#include "speciesnet/version.hpp"

#include "disguise.hpp"
#include "refusal.hpp"

#include <optional>
#include <utility>

namespace server {
namespace {

using Clock = std::chrono::steady_clock;

speciesnet::Image decode(const Upload& upload, const speciesnet::DecodeLimits& limits) {
    const auto bytes = upload.file.read();
    try {
        speciesnet::validate(bytes, upload.declared_type, limits);
        if (const auto other = disguised_format(bytes)) {
            throw Refusal(400, "The image is a " + std::string(*other) + " as well");
        }
        return speciesnet::decode(bytes, limits);
    } catch (const speciesnet::InvalidImage& error) {
        throw Refusal(400, error.what());
    }
}

}  // namespace

Service::Service(const Options& options, Log& log)
    : options_(options),
      folder_(options.temporary_folder),
      model_(options.model,
             {.threads = options.threads,
              .precision = speciesnet::precision_from_name(options.precision),
              .device = speciesnet::device_from_name(options.device)},
             log),
      queue_(options.workers, options.queue) {}

void Service::run(std::function<void(std::stop_token)> work) {
    std::stop_source stop;
    const auto asked = Clock::now();
    const auto outcome = queue_.run(
        [this, work = std::move(work), token = stop.get_token(), asked] {
            metrics_.observe(Stage::wait, Clock::now() - asked);
            work(token);
        },
        asked + options_.deadline);
    switch (outcome) {
        case WorkQueue::Outcome::done:
            return;
        case WorkQueue::Outcome::full:
            throw busy_refusal("Too many photos are waiting; try again later");
        case WorkQueue::Outcome::too_late:
            stop.request_stop();
            throw Refusal(504, "The answer took longer than " +
                                   std::to_string(options_.deadline.count()) + " seconds");
        case WorkQueue::Outcome::closed:
            throw busy_refusal("The server is shutting down");
    }
}

speciesnet::Prediction Service::identify(const std::shared_ptr<Upload>& upload,
                                         const RequestedLocation& place) {
    // Owned by the work, too, which may go on after this has given up.
    const auto result = std::make_shared<std::optional<speciesnet::Prediction>>();
    const auto& ensemble = model_.get();
    run([this, upload, place, result, &ensemble](const std::stop_token&) {
        const auto begun = Clock::now();
        const auto image = decode(*upload, options_.decode);
        const auto decoded = Clock::now();
        metrics_.observe(Stage::decode, decoded - begun);
        auto prediction = ensemble.predict(image, place.for_engine(),
                                           {.format = speciesnet::ResultFormat::per_image});
        metrics_.observe(Stage::predict, Clock::now() - decoded);
        if (!place.geofence) {
            prediction.location = place.location;
        }
        *result = std::move(prediction);
    });
    return std::move(**result);
}

std::vector<speciesnet::Prediction> Service::predict(std::vector<speciesnet::Instance> instances,
                                                     std::vector<Descriptor> files) {
    const auto result = std::make_shared<std::vector<speciesnet::Prediction>>();
    const auto open_files = std::make_shared<const std::vector<Descriptor>>(std::move(files));
    const auto& ensemble = model_.get();
    run([this, instances = std::move(instances), open_files, result,
         &ensemble](const std::stop_token& stop) {
        const auto begun = Clock::now();
        *result = ensemble.predict(instances, {}, {}, stop);
        metrics_.observe(Stage::predict, Clock::now() - begun);
    });
    return std::move(*result);
}

Gauges Service::gauges() const {
    const auto* const ensemble = model_.get_if_ready();
    return {.waiting = queue_.waiting(),
            .queue_capacity = options_.queue,
            .running = queue_.running(),
            .version = std::string(speciesnet::version),
            .model_ready = ensemble != nullptr,
            .model_version = ensemble != nullptr ? ensemble->info().version : std::string(),
            .demo = ensemble != nullptr && ensemble->info().demo};
}

}  // namespace server
