// What an image handle holds.
#pragma once

#include "speciesnet/image.hpp"

#include "capi/speciesnet.h"

struct speciesnet_image {
    speciesnet::Image value;
};
