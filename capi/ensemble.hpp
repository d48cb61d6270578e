// SPDX-License-Identifier: Apache-2.0
// The object behind an ensemble handle.
#pragma once

#include "speciesnet/ensemble.hpp"

#include "capi/job_queue.hpp"
#include "capi/rules.hpp"
#include "capi/speciesnet.h"

#include <cstddef>
#include <optional>
#include <utility>

struct speciesnet_ensemble {
    speciesnet_ensemble(speciesnet::Ensemble loaded, std::size_t max_jobs)
        : value(std::move(loaded)), jobs(value, max_jobs) {}

    speciesnet::Ensemble value;
    std::optional<speciesnet_rules> rules;
    speciesnet::capi::JobQueue jobs;  ///< Declared last, so that its thread stops before the
                                      ///< members that jobs use are destroyed.
};
