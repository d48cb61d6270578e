// What an answer handle holds.
#pragma once

#include "speciesnet/prediction.hpp"

#include "capi/speciesnet.h"

struct speciesnet_answer {
    speciesnet::Answer value;
};
