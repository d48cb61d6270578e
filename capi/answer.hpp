// SPDX-License-Identifier: Apache-2.0
// What an answer handle holds.
#pragma once

#include "speciesnet/prediction.hpp"

#include "capi/speciesnet.h"

#include <optional>

struct speciesnet_answer {
    speciesnet::Answer value;
    std::optional<speciesnet::Explanation> explanation;  ///< Nothing if it was not asked for.
};
