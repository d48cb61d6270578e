// SPDX-License-Identifier: Apache-2.0
// Executes prediction requests.
#include "capi/request.hpp"

#include "speciesnet/error.hpp"

#include "capi/instances.hpp"
#include "capi/option_structs.hpp"

#include <utility>

namespace speciesnet::capi {

Request::Request(const speciesnet_instance* instances, std::size_t count,
                 const speciesnet_predict_options* options) {
    const auto given = complete(options);
    options_ = to_cpp(given);
    progress_ = given.progress;
    progress_user_data_ = given.progress_user_data;
    instances_ = to_instances(instances, count);
}

std::vector<Prediction> Request::run(const Ensemble& ensemble, std::stop_source stop) const {
    std::vector<Prediction> predictions;
    predictions.reserve(instances_.size());
    run_each(ensemble, std::move(stop), [&](Prediction&& prediction) {
        predictions.push_back(std::move(prediction));
        return true;
    });
    return predictions;
}

void Request::run_each(const Ensemble& ensemble, std::stop_source stop,
                       const std::function<bool(Prediction&&)>& receive) const {
    std::size_t done = 0;
    const auto receiver = [&](Prediction&& prediction) {
        ++done;
        const bool go_on = receive(std::move(prediction));
        if (!go_on || (progress_ != nullptr &&
                       progress_(progress_user_data_, done, instances_.size()) != 0)) {
            stop.request_stop();
        }
    };
    ensemble.predict_each(instances_, options_, receiver, stop.get_token());
    // A stop requested after the last photo also counts.
    if (stop.stop_requested()) {
        throw Cancelled();
    }
}

}  // namespace speciesnet::capi
