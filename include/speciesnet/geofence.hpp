// SPDX-License-Identifier: Apache-2.0
// The geofence: allow and block lists of taxa by country and first-level region. Needs no network.
#pragma once

#include "speciesnet/export.hpp"
#include "speciesnet/location.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace speciesnet {

/// Reason why a label is blocked at a place.
enum class GeofenceRule : std::int32_t {
    none = 0,             ///< Not blocked.
    country_not_allowed,  ///< The allow list lacks the country.
    region_not_allowed,   ///< The allow list has only other regions of the country.
    country_blocked,      ///< The block list has the whole country.
    region_blocked,       ///< The block list has this region.
    overlay_blocked,      ///< An entry of a GeofenceOverlay blocks it.
    not_in_species_list,  ///< It is not on the species list of the place.
};

/// Returns the stable name of a rule: "none", "country_not_allowed", …
SPECIESNET_EXPORT std::string_view geofence_rule_name(GeofenceRule rule) noexcept;

/// The geofence of a model package. Immutable, cheap to copy, thread-safe.
class SPECIESNET_EXPORT Geofence {
public:
    /// Reads a geofence: a JSON object whose keys are `class;order;family;genus;species` and whose
    /// values are
    /// `{"allow": {country: [regions]}, "block": {country: [regions]}}`; either may be missing, an
    /// empty list is the whole country.
    /// @param json   the content of the file, UTF-8
    /// @param origin name used in error messages
    /// @throws ModelError (model_invalid) naming the entry
    static Geofence parse(std::string_view json, std::string_view origin = "geofence");

    /// Reads a file. @throws IoError, ModelError
    static Geofence load(const std::filesystem::path& file);

    /// Checks whether a label is blocked at a place, and by which rule. Labels without an entry,
    /// and places without a country, are never blocked.
    /// @throws InvalidArgument for a country that is not 3, or a region that is not 2 characters
    /// long, or a label that does not have exactly seven parts
    GeofenceRule check(std::string_view label, const Location& location) const;

    /// Returns whether any entry names a country, or a region of it. At a place that no entry
    /// names, every animal with an allow list is excluded.
    /// @param admin1_region empty to check the country
    bool names(std::string_view country, std::string_view admin1_region = {}) const;

    /// Returns the number of entries.
    std::size_t size() const noexcept;

private:
    struct Entries;
    explicit Geofence(std::shared_ptr<const Entries> entries);
    std::shared_ptr<const Entries> entries_;
};

}  // namespace speciesnet
