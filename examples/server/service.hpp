// SPDX-License-Identifier: Apache-2.0
// The service without HTTP: the engine, its queue, and the temporary files.
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

#include <cstddef>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

namespace server {

/// Thread-safe.
class Service {
public:
    /// Does not load the model yet. @param log must outlive this object
    /// @throws speciesnet::Error if the folder for photos cannot be used
    Service(const Options& options, Log& log);

    /// Predicts a photo in the per-image format, and, if requested, its other boxes.
    /// To be called on worker threads.
    /// @throws speciesnet::InvalidImage, speciesnet::Cancelled; Refusal 503 if the model is not
    /// ready
    speciesnet::Prediction identify(const Upload& upload, const RequestedLocation& place,
                                    const std::stop_token& stop);

    /// Predicts files in the per-detection format; a file that is not a photo gives a prediction
    /// with a failure. To be called on worker threads.
    /// @param files of the instances, in the same order
    /// @throws speciesnet::Cancelled; Refusal 503 if the model is not ready
    std::vector<speciesnet::Prediction> predict(std::span<const speciesnet::Instance> instances,
                                                std::span<const speciesnet::FileDescriptor> files,
                                                const std::stop_token& stop);

    const Options& options() const noexcept { return options_; }
    Model& model() noexcept { return model_; }
    const TemporaryFolder& folder() const noexcept { return folder_; }
    Metrics& metrics() noexcept { return metrics_; }
    WorkQueue& queue() noexcept { return queue_; }

    /// @throws Refusal 503 with the reason why a new photo could not be processed
    void check_ready() const;
    /// Returns the gauges of the queue and the model.
    Gauges gauges() const;

private:
    speciesnet::Image decode(std::span<const std::byte> bytes,
                             std::optional<std::string_view> declared_type,
                             const std::stop_token& stop);
    speciesnet::Image decode_file(const speciesnet::FileDescriptor& file,
                                  const std::stop_token& stop);

    const Options options_;
    TemporaryFolder folder_;
    Model model_;
    Metrics metrics_;
    WorkQueue queue_;
};

}  // namespace server
