// SPDX-License-Identifier: Apache-2.0
#include "geolocation/place_table.hpp"

namespace speciesnet {

std::shared_ptr<const PlaceTable> embedded_places() {
    return nullptr;
}

}  // namespace speciesnet
