// SPDX-License-Identifier: Apache-2.0
// The object behind an image handle.
#pragma once

#include "speciesnet/image.hpp"

#include "capi/speciesnet.h"

#include <utility>

struct speciesnet_image {
    explicit speciesnet_image(speciesnet::Image image) : value(std::move(image)) {}

    speciesnet::Image value;
};
