// What the server knows and does, apart from HTTP: the engine, the queue in front of it, the
// temporary files.
#pragma once

#include "speciesnet/ensemble.hpp"

#include "location_fields.hpp"
#include "log.hpp"
#include "metrics.hpp"
#include "model.hpp"
#include "options.hpp"
#include "temporary_folder.hpp"
#include "upload.hpp"
#include "work_queue.hpp"

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

namespace server {

/// Thread-safe.
class Service {
public:
    /// Does not load the model yet. @param log must outlive this object
    /// @throws speciesnet::Error if the folder for photos cannot be used
    Service(const Options& options, Log& log);

    /// Says what is in a photo. The deadline counts from this call.
    /// @throws Refusal 400 for what is no photo, 503 if too many wait or the model is not ready,
    /// 504 if it took too long
    speciesnet::Prediction identify(const std::shared_ptr<Upload>& upload,
                                    const RequestedLocation& place);

    /// Says what is in files, in the per-detection format, within one deadline for all.
    /// @param files kept open until the work has ended
    /// @throws Refusal 503 or 504 as identify()
    std::vector<speciesnet::Prediction> predict(std::vector<speciesnet::Instance> instances,
                                                std::vector<Descriptor> files);

    /// Takes no more photos and gives up those that wait.
    void close() { queue_.close(); }

    const Options& options() const noexcept { return options_; }
    Model& model() noexcept { return model_; }
    const TemporaryFolder& folder() const noexcept { return folder_; }
    Metrics& metrics() noexcept { return metrics_; }
    /// Whether a photo that comes now would be taken.
    bool has_room() const { return queue_.has_room(); }
    /// The queue's and the model's part of the gauges.
    Gauges gauges() const;

private:
    void run(std::function<void(std::stop_token)> work);

    const Options options_;
    TemporaryFolder folder_;
    Model model_;
    Metrics metrics_;
    WorkQueue queue_;
};

}  // namespace server
