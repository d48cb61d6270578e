// What a prediction is asked for: the caller's photos and choices, copied out of the C structs.
#pragma once

#include "speciesnet/ensemble.hpp"

#include "capi/speciesnet.h"

#include <cstddef>
#include <optional>
#include <stop_token>
#include <vector>

namespace speciesnet::capi {

/// Immutable; owns all that it needs, so it can outlive the call that made it.
class Request {
public:
    /// @throws InvalidArgument for anything malformed, before any work is done
    Request(const speciesnet_instance* instances, std::size_t count,
            const speciesnet_predict_options* options);

    /// Predicts every photo, in order.
    /// @param stop checked between photos; also triggered by the progress callback
    /// @throws Cancelled, ModelError
    std::vector<Prediction> run(const Ensemble& ensemble, std::stop_source stop) const;

private:
    void report(std::size_t done, std::stop_source& stop) const;
    std::size_t end_of_files(std::size_t first) const;

    std::vector<Instance> instances_;
    std::vector<std::optional<Image>> images_;  ///< One per instance; nothing where a file is read.
    PredictOptions options_;
    speciesnet_progress_callback progress_;
    void* progress_user_data_;
};

}  // namespace speciesnet::capi
