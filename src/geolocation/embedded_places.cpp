// SPDX-License-Identifier: Apache-2.0
#include "geolocation/place_table.hpp"

extern "C" {
extern const std::byte speciesnet_places_begin[];
extern const std::byte speciesnet_places_end[];
}

namespace speciesnet {

std::shared_ptr<const PlaceTable> embedded_places() {
    return std::make_shared<PlaceTable>(std::span(speciesnet_places_begin, speciesnet_places_end));
}

}  // namespace speciesnet
