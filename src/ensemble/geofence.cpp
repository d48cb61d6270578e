// Allow and block lists.
#include "speciesnet/geofence.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"

#include "ensemble/string_map.hpp"
#include "system/mapped_file.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include <simdjson.h>

namespace speciesnet {
namespace {

using Regions = std::vector<std::string>;
using Countries = StringMap<Regions>;

struct Entry {
    Countries allow;
    Countries block;
};

[[noreturn]] void fail(std::string_view origin, std::string_view entry, const std::string& what) {
    throw ModelError(ErrorCode::model_invalid, "'" + std::string(origin) + "', entry \"" +
                                                   std::string(entry) + "\": " + what);
}

/// A missing or null list is the same as an empty one.
Countries read_countries(const simdjson::dom::object& rules, std::string_view list,
                         std::string_view origin, std::string_view entry) {
    Countries countries;
    simdjson::dom::element element;
    if (rules[list].get(element) != simdjson::SUCCESS || element.is_null()) {
        return countries;
    }
    simdjson::dom::object object;
    if (element.get(object) != simdjson::SUCCESS) {
        fail(origin, entry, "\"" + std::string(list) + "\" is no object of countries");
    }
    for (const auto [country, regions] : object) {
        simdjson::dom::array array;
        if (regions.get(array) != simdjson::SUCCESS) {
            fail(origin, entry, "\"" + std::string(country) + "\" has no list of regions");
        }
        Regions names;
        for (const auto region : array) {
            std::string_view name;
            if (region.get(name) != simdjson::SUCCESS) {
                fail(origin, entry, "a region of \"" + std::string(country) + "\" is no text");
            }
            names.emplace_back(name);
        }
        countries.insert_or_assign(std::string(country), std::move(names));
    }
    return countries;
}

bool contains(const Regions& regions, std::string_view region) {
    return std::find(regions.begin(), regions.end(), region) != regions.end();
}

}  // namespace

struct Geofence::Entries {
    StringMap<Entry> rules;
};

std::string_view geofence_rule_name(GeofenceRule rule) noexcept {
    constexpr std::array<std::string_view, 5> names{
        "none", "country_not_allowed", "region_not_allowed", "country_blocked", "region_blocked"};
    const auto index = static_cast<std::size_t>(rule);
    return index < names.size() ? names[index] : "unknown";
}

Geofence::Geofence(std::shared_ptr<const Entries> entries) : entries_(std::move(entries)) {}

Geofence Geofence::parse(std::string_view json, std::string_view origin) {
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    const auto error = parser.parse(simdjson::padded_string(json)).get(object);
    if (error != simdjson::SUCCESS) {
        throw ModelError(
            ErrorCode::model_invalid,
            "'" + std::string(origin) + "' is no JSON object: " + simdjson::error_message(error));
    }
    auto entries = std::make_shared<Entries>();
    for (const auto [key, value] : object) {
        simdjson::dom::object rules;
        if (value.get(rules) != simdjson::SUCCESS) {
            fail(origin, key, "not an object");
        }
        entries->rules.insert_or_assign(std::string(key),
                                        Entry{read_countries(rules, "allow", origin, key),
                                              read_countries(rules, "block", origin, key)});
    }
    return Geofence(std::move(entries));
}

Geofence Geofence::load(const std::filesystem::path& file) {
    const auto mapped = map_file(file);
    return parse(mapped.content, file.string());
}

GeofenceRule Geofence::check(std::string_view label, const Location& location) const {
    // As in Python, an empty text is no country and no region.
    if (!location.country || location.country->empty()) {
        return GeofenceRule::none;
    }
    check_location({.country = location.country, .admin1_region = location.admin1_region});
    const auto found = entries_->rules.find(full_class_string(label));
    if (found == entries_->rules.end()) {
        return GeofenceRule::none;
    }
    const bool has_region = location.admin1_region && !location.admin1_region->empty();
    const auto& [allow, block] = found->second;
    if (!allow.empty()) {
        const auto country = allow.find(*location.country);
        if (country == allow.end()) {
            return GeofenceRule::country_not_allowed;
        }
        if (has_region && !country->second.empty() &&
            !contains(country->second, *location.admin1_region)) {
            return GeofenceRule::region_not_allowed;
        }
    }
    const auto country = block.find(*location.country);
    if (country != block.end()) {
        if (country->second.empty()) {
            return GeofenceRule::country_blocked;
        }
        if (has_region && contains(country->second, *location.admin1_region)) {
            return GeofenceRule::region_blocked;
        }
    }
    return GeofenceRule::none;
}

std::size_t Geofence::size() const noexcept {
    return entries_->rules.size();
}

}  // namespace speciesnet
