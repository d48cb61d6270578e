// SPDX-License-Identifier: Apache-2.0
// Reads the geofence file and decides whether a taxon may occur at a location.
#include "speciesnet/geofence.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"
#include "speciesnet/utf8_path.hpp"

#include "rules/region_codes.hpp"
#include "rules/string_map.hpp"
#include "system/memory.hpp"
#include "text/encoding.hpp"
#include "text/parsed_json.hpp"

#include <algorithm>
#include <vector>

namespace speciesnet {
namespace {

using Regions = std::vector<std::string>;
using Countries = StringMap<Regions>;

struct CountryLists {
    Countries allow, block;
};

[[noreturn]] void fail(std::string_view origin, std::string_view taxon, const std::string& what) {
    throw ModelError(ErrorCode::model_invalid,
                     "'" + std::string(origin) + "', \"" + std::string(taxon) + "\": " + what);
}

/// Reads an "allow" or "block" object; null counts as empty.
Countries read_countries(const ParsedJson::Json& json, std::string_view origin,
                         std::string_view taxon, std::string_view list) {
    const auto refuse = [&](const std::string& what) {
        fail(origin, taxon, '"' + std::string(list) + "\" " + what);
    };
    if (json.is_null()) {
        return {};
    }
    if (!json.is_object()) {
        refuse("is not an object of countries");
    }
    Countries countries;
    for (const auto& [country, value] : json.items()) {
        if (!value.is_array()) {
            refuse("has no list of regions for \"" + country + '"');
        }
        Regions regions;
        for (const auto& region : value) {
            if (!region.is_string()) {
                refuse("has a region of \"" + country + "\" that is not a string");
            }
            regions.push_back(region.get<std::string>());
        }
        countries.insert_or_assign(country, std::move(regions));
    }
    return countries;
}

bool contains(const Regions& regions, std::string_view region) {
    return std::find(regions.begin(), regions.end(), region) != regions.end();
}

}  // namespace

std::string_view geofence_rule_name(GeofenceRule rule) noexcept {
    switch (rule) {
        case GeofenceRule::none:
            return "none";
        case GeofenceRule::country_not_allowed:
            return "country_not_allowed";
        case GeofenceRule::region_not_allowed:
            return "region_not_allowed";
        case GeofenceRule::country_blocked:
            return "country_blocked";
        case GeofenceRule::region_blocked:
            return "region_blocked";
        case GeofenceRule::overlay_blocked:
            return "overlay_blocked";
        case GeofenceRule::not_in_species_list:
            return "not_in_species_list";
    }
    return {};
}

struct Geofence::Entries {
    StringMap<CountryLists> taxa;
};

Geofence::Geofence(std::shared_ptr<const Entries> entries) : entries_(std::move(entries)) {}

Geofence Geofence::parse(std::string_view json, std::string_view origin) {
    if (const auto encoding = foreign_encoding(json)) {
        throw ModelError(ErrorCode::model_invalid, "'" + std::string(origin) + "': the text is " +
                                                       std::string(*encoding) +
                                                       "; save it as UTF-8");
    }
    const auto object = ParsedJson::parse(without_byte_order_mark(json));
    if (!object || !(*object)->is_object()) {
        throw ModelError(ErrorCode::model_invalid,
                         "'" + std::string(origin) + "': not a JSON object");
    }
    const auto entries = std::make_shared<Entries>();
    for (const auto& [taxon, lists] : (*object)->items()) {
        if (!lists.is_object()) {
            fail(origin, taxon, "is not an object with \"allow\" and \"block\"");
        }
        CountryLists entry;
        for (const auto& [list, countries] : lists.items()) {
            if (list == "allow") {
                entry.allow = read_countries(countries, origin, taxon, list);
            } else if (list == "block") {
                entry.block = read_countries(countries, origin, taxon, list);
            }
        }
        entries->taxa.insert_or_assign(taxon, std::move(entry));
    }
    return Geofence(entries);
}

Geofence Geofence::load(const std::filesystem::path& file) {
    return parse(map_file(file).content, utf8_text(file));
}

GeofenceRule Geofence::check(std::string_view label, const Location& location) const {
    if (!location.country || location.country->empty()) {
        return GeofenceRule::none;
    }
    const std::string_view country = *location.country;
    std::string_view region;
    if (location.admin1_region) {
        region = *location.admin1_region;
    }
    check_country(country);
    check_admin1_region(region);

    const auto entry = entries_->taxa.find(full_class_string(label));
    if (entry == entries_->taxa.end()) {
        return GeofenceRule::none;
    }
    const auto& [allow, block] = entry->second;
    if (!allow.empty()) {
        const auto allowed = allow.find(country);
        if (allowed == allow.end()) {
            return GeofenceRule::country_not_allowed;
        }
        const auto& regions = allowed->second;
        if (!region.empty() && !regions.empty() && !contains(regions, region)) {
            return GeofenceRule::region_not_allowed;
        }
    }
    const auto blocked = block.find(country);
    if (blocked == block.end()) {
        return GeofenceRule::none;
    }
    const auto& regions = blocked->second;
    if (regions.empty()) {
        return GeofenceRule::country_blocked;
    }
    const bool region_listed = !region.empty() && contains(regions, region);
    return region_listed ? GeofenceRule::region_blocked : GeofenceRule::none;
}

bool Geofence::names(std::string_view country, std::string_view admin1_region) const {
    const auto named_in = [&](const Countries& countries) {
        const auto found = countries.find(country);
        return found != countries.end() &&
               (admin1_region.empty() || contains(found->second, admin1_region));
    };
    return std::any_of(entries_->taxa.begin(), entries_->taxa.end(), [&](const auto& entry) {
        return named_in(entry.second.allow) || named_in(entry.second.block);
    });
}

std::size_t Geofence::size() const noexcept {
    return entries_->taxa.size();
}

}  // namespace speciesnet
