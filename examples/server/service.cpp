// From an upload to a prediction, on a worker thread.
#include "service.hpp"

#include "refusal.hpp"

#include <optional>

namespace server {
namespace {

/// Loading takes the geofence in any case: whether a request wants it is decided per request.
speciesnet::Ensemble load(const Options& options) {
    return speciesnet::Ensemble::load(options.model, {.threads = options.threads});
}

speciesnet::Image decode(const Upload& upload, const speciesnet::DecodeLimits& limits) {
    const auto bytes = upload.file.read();
    try {
        speciesnet::validate(bytes, upload.declared_type, limits);
        return speciesnet::decode(bytes, limits);
    } catch (const speciesnet::InvalidImage& error) {
        throw Refusal(400, error.what());
    }
}

}  // namespace

Service::Service(const Options& options)
    : options_(options),
      folder_(options.temporary_folder),
      ensemble_(load(options)),
      queue_(options.workers, options.queue) {}

speciesnet::Prediction Service::identify(const std::shared_ptr<Upload>& upload,
                                         const RequestedLocation& place,
                                         std::chrono::steady_clock::time_point arrived) {
    const auto prediction = std::make_shared<std::optional<speciesnet::Prediction>>();
    const auto outcome = queue_.run(
        [upload, place, prediction, ensemble = ensemble_, limits = options_.decode] {
            *prediction = ensemble.predict(decode(*upload, limits), place.for_engine(),
                                           {.format = speciesnet::ResultFormat::per_image});
            if (!place.geofence) {
                (*prediction)->location = place.location;
            }
        },
        arrived + options_.deadline);
    switch (outcome) {
        case WorkQueue::Outcome::done:
            break;
        case WorkQueue::Outcome::full:
            throw Refusal(503, "Too many photos are waiting; try again later");
        case WorkQueue::Outcome::too_late:
            throw Refusal(504, "The answer took longer than " +
                                   std::to_string(options_.deadline.count()) + " seconds");
        case WorkQueue::Outcome::closed:
            throw Refusal(503, "The server is shutting down");
    }
    return **prediction;
}

}  // namespace server
