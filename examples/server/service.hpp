// What the server knows and does, apart from HTTP: the engine, the queue in front of it, the
// temporary files.
#pragma once

#include "speciesnet/ensemble.hpp"

#include "location_fields.hpp"
#include "options.hpp"
#include "temporary_folder.hpp"
#include "upload.hpp"
#include "work_queue.hpp"

#include <chrono>
#include <memory>

namespace server {

/// Thread-safe.
class Service {
public:
    /// @throws speciesnet::Error if the model cannot be loaded or the temporary folder not be used
    explicit Service(const Options& options);

    /// Says what is in a photo.
    /// @param arrived when its request did; the deadline counts from there
    /// @throws Refusal 400 for what is no photo, 503 if too many wait, 504 if it took too long
    speciesnet::Prediction identify(const std::shared_ptr<Upload>& upload,
                                    const RequestedLocation& place,
                                    std::chrono::steady_clock::time_point arrived);

    /// Takes no more photos and gives up those that wait.
    void close() { queue_.close(); }

    const Options& options() const noexcept { return options_; }
    const speciesnet::Ensemble& ensemble() const noexcept { return ensemble_; }
    const TemporaryFolder& folder() const noexcept { return folder_; }
    RequestedLocation default_location() const {
        return {.location = options_.location, .geofence = options_.geofence};
    }

private:
    const Options options_;
    TemporaryFolder folder_;
    const speciesnet::Ensemble ensemble_;
    WorkQueue queue_;
};

}  // namespace server
