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

/// Immutable. Owns everything that it needs, so it can outlive the call that created it.
class Request {
public:
    /// @throws InvalidArgument for malformed arguments, before any work is done
    Request(const speciesnet_instance* instances, std::size_t count,
            const speciesnet_predict_options* options);

    /// Predicts all photos in order.
    /// @param stop checked between photos; the progress callback also triggers it
    /// @throws Cancelled, ModelError
    std::vector<Prediction> run(const Ensemble& ensemble, std::stop_source stop) const;

    /// As run(), but passes each prediction on instead of keeping it.
    /// @param receive returns whether to continue
    void run_each(const Ensemble& ensemble, std::stop_source stop,
                  const std::function<bool(Prediction&&)>& receive) const;

private:
    std::vector<Instance> instances_;
    PredictOptions options_;
    speciesnet_progress_callback progress_;
    void* progress_user_data_;
};

}  // namespace speciesnet::capi
