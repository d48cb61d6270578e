// SPDX-License-Identifier: Apache-2.0
// The object behind a rules handle.
#pragma once

#include "speciesnet/rules.hpp"

#include "capi/speciesnet.h"

#include <utility>

struct speciesnet_rules {
    explicit speciesnet_rules(speciesnet::Rules rules) : value(std::move(rules)) {}

    speciesnet::Rules value;
};
