// SPDX-License-Identifier: Apache-2.0
// Combines the results of a detector run and a classifier run.
#include "speciesnet/past_runs.hpp"

#include "capi/instances.hpp"
#include "capi/option_structs.hpp"
#include "capi/predictions.hpp"
#include "capi/rules.hpp"
#include "capi/status.hpp"

using namespace speciesnet;
using namespace speciesnet::capi;

speciesnet_status speciesnet_rules_combine_past_runs(
    const speciesnet_rules* rules, const speciesnet_instance* instances, size_t count,
    const speciesnet_predictions* classifications, const speciesnet_predictions* detections,
    const speciesnet_combine_options* options, speciesnet_predictions** predictions,
    speciesnet_error* error) {
    return guard(predictions, error, [&] {
        return std::make_unique<speciesnet_predictions>(combine_past_runs(
            require(rules, "rules")->value, to_instances(instances, count),
            require(classifications, "classifications")->values,
            require(detections, "detections")->values, to_cpp(complete(options))));
    });
}
