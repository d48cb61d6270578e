// SPDX-License-Identifier: Apache-2.0
// What a rules handle holds.
#pragma once

#include "speciesnet/rules.hpp"

#include "capi/speciesnet.h"

#include <cstdint>
#include <utility>

struct speciesnet_rules {
    explicit speciesnet_rules(speciesnet::Rules rules) : value(std::move(rules)) {}

    speciesnet::Rules value;
};

namespace speciesnet::capi {

/// @throws InvalidArgument if it is neither SPECIESNET_GEOFENCE_ON nor SPECIESNET_GEOFENCE_OFF
bool to_geofencing(std::int32_t geofencing);

}  // namespace speciesnet::capi
