// SPDX-License-Identifier: Apache-2.0
// Past runs: predictions from the results of a detector and a classifier.
#include "speciesnet/past_runs.hpp"

#include "capi/instances.hpp"
#include "capi/options.hpp"
#include "capi/predictions.hpp"
#include "capi/rules.hpp"
#include "capi/status.hpp"
#include "capi/values.hpp"

using namespace speciesnet;
using namespace speciesnet::capi;

namespace {

speciesnet_combine_options default_combine_options() {
    const CombineOptions defaults;
    return {sizeof(speciesnet_combine_options),
            defaults.max_classifications_per_detection.value_or(SPECIESNET_ALL), nullptr,
            defaults.explain ? 1 : 0, 0};
}

}  // namespace

void speciesnet_combine_options_init(speciesnet_combine_options* options, size_t size) {
    fill_defaults(options, size, default_combine_options());
}

speciesnet_status speciesnet_rules_combine_past_runs(
    const speciesnet_rules* rules, const speciesnet_instance* instances, size_t count,
    const speciesnet_predictions* classifications, const speciesnet_predictions* detections,
    const speciesnet_combine_options* options, speciesnet_predictions** predictions,
    speciesnet_error* error) {
    return guard(predictions, error, [&] {
        const auto given =
            read_options(options, default_combine_options(), "speciesnet_combine_options");
        return std::make_unique<speciesnet_predictions>(combine_past_runs(
            require(rules, "rules")->value, to_instances(instances, count),
            require(classifications, "classifications")->values,
            require(detections, "detections")->values,
            {.max_classifications_per_detection =
                 to_maximum(given.max_classifications_per_detection),
             .explain = to_flag(given.explain, "explain"),
             .geolocation = to_geolocation(given.geolocation),
             .model_version = given.model_version == nullptr ? "" : given.model_version}));
    });
}
