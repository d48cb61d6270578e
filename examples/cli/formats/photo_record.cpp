// SPDX-License-Identifier: Apache-2.0
// Selects among several sources for the location of a photo.
#include "photo_record.hpp"

namespace speciesnet::cli {

std::optional<Coordinates> PhotoRecord::coordinates() const {
    if (station.row != nullptr && station.row->coordinates) {
        return station.row->coordinates;
    }
    const auto& location = prediction.location;
    if (location.latitude && location.longitude) {
        return Coordinates{.latitude = *location.latitude, .longitude = *location.longitude};
    }
    return facts.coordinates;
}

std::optional<std::string> PhotoRecord::country() const {
    const auto& given = prediction.location.country;
    return given || station.row == nullptr ? given : station.row->country;
}

std::optional<std::string> PhotoRecord::admin1_region() const {
    const auto& given = prediction.location.admin1_region;
    const bool is_of_row = station.row != nullptr && country() == station.row->country;
    return given || !is_of_row ? given : station.row->admin1_region;
}

}  // namespace speciesnet::cli
