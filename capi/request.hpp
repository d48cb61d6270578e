// SPDX-License-Identifier: Apache-2.0
// A prediction request: the caller's photos and options, copied from C structs.
#pragma once

#include "speciesnet/ensemble.hpp"

#include "capi/speciesnet.h"

#include <cstddef>
#include <functional>
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

    /// The same, handing each prediction over instead of keeping it.
    /// @param receive returns whether to go on
    void run_each(const Ensemble& ensemble, std::stop_source stop,
                  const std::function<bool(Prediction&&)>& receive) const;

private:
    std::vector<Instance> instances_;
    PredictOptions options_;
    speciesnet_progress_callback progress_;
    void* progress_user_data_;
};

}  // namespace speciesnet::capi
