// SPDX-License-Identifier: Apache-2.0
// Constants of the documents, shared by writers and readers.
#pragma once

#include "speciesnet/geofence.hpp"
#include "speciesnet/prediction.hpp"
#include "speciesnet/taxonomy.hpp"

#include <array>
#include <string_view>

namespace speciesnet {

/// Source: constants.py, FORMAT_VERSION.
inline constexpr std::string_view format_version = "20261015";

/// Source: constants.py, Failure; in the order in which the reference lists them.
struct NamedFailure {
    std::string_view name;
    bool Failures::*flag;
};
inline constexpr std::array named_failures{NamedFailure{"CLASSIFIER", &Failures::classifier},
                                           NamedFailure{"DETECTOR", &Failures::detector},
                                           NamedFailure{"GEOLOCATION", &Failures::geolocation}};

inline constexpr std::array categories{Category::whole_image, Category::animal, Category::human,
                                       Category::vehicle};

inline constexpr std::array taxonomy_levels{TaxonomyLevel::species, TaxonomyLevel::genus,
                                            TaxonomyLevel::family,  TaxonomyLevel::order,
                                            TaxonomyLevel::class_,  TaxonomyLevel::kingdom};

inline constexpr std::array geofence_rules{GeofenceRule::none,
                                           GeofenceRule::country_not_allowed,
                                           GeofenceRule::region_not_allowed,
                                           GeofenceRule::country_blocked,
                                           GeofenceRule::region_blocked,
                                           GeofenceRule::overlay_blocked,
                                           GeofenceRule::not_in_species_list};

/// The reference writes category numbers as text.
constexpr char category_digit(Category category) {
    return static_cast<char>('0' + static_cast<int>(category));
}

}  // namespace speciesnet
