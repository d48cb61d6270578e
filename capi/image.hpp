// SPDX-License-Identifier: Apache-2.0
// What an image handle holds.
#pragma once

#include "speciesnet/image.hpp"

#include "capi/speciesnet.h"

#include <utility>

struct speciesnet_image {
    explicit speciesnet_image(speciesnet::Image image) : value(std::move(image)) {}

    speciesnet::Image value;
};
