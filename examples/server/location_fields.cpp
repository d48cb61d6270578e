// SPDX-License-Identifier: Apache-2.0
// Reports all invalid fields together, as FastAPI does.
#include "location_fields.hpp"

#include "speciesnet/error.hpp"

#include "header_value.hpp"
#include "refusal.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace server {
namespace {

/// Reads the fields of one form and collects errors.
class FieldReader {
public:
    explicit FieldReader(const std::map<std::string, std::string>& fields) : fields_(fields) {}

    /// Reads a code and converts it to capitals.
    /// @param characters as in a regular expression: allowed in addition to A to Z
    std::optional<std::string> code(const std::string& name, std::size_t length,
                                    std::string_view characters) {
        auto value = text(name);
        if (!value) {
            return value;
        }
        std::ranges::transform(*value, value->begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        const bool allowed = std::ranges::all_of(*value, [&](char c) {
            return (c >= 'A' && c <= 'Z') || (characters == "0-9" && c >= '0' && c <= '9');
        });
        if (value->size() != length || !allowed) {
            const auto pattern =
                "^[A-Za-z" + std::string(characters) + "]{" + std::to_string(length) + "}$";
            reject(name, "string_pattern_mismatch", "String should match pattern '" + pattern + "'",
                   {{"pattern", pattern}});
            return std::nullopt;
        }
        return value;
    }

    /// Reads a country as alpha-3 code, alpha-2 code or name.
    std::optional<std::string> country(const std::string& name) {
        auto value = text(name);
        if (!value) {
            return value;
        }
        try {
            return speciesnet::normalize_location({.country = value}).country;
        } catch (const speciesnet::InvalidArgument& error) {
            reject(name, "value_error", error.what());
            return std::nullopt;
        }
    }

    std::optional<double> degrees(const std::string& name, double limit) {
        const auto value = text(name);
        if (!value) {
            return std::nullopt;
        }
        const auto number = speciesnet::parse_number(*value);
        if (!number) {
            reject(name, "float_parsing",
                   "Input should be a valid number, unable to parse string as a number");
            return std::nullopt;
        }
        const auto bound = std::to_string(static_cast<int>(limit));
        if (number > limit) {
            reject(name, "less_than_equal", "Input should be less than or equal to " + bound,
                   {{"le", limit}});
        } else if (number < -limit) {
            reject(name, "greater_than_equal", "Input should be greater than or equal to -" + bound,
                   {{"ge", -limit}});
        }
        return number;
    }

    std::optional<bool> boolean(const std::string& name) {
        static constexpr std::array<std::string_view, 6> yes{"true", "1", "yes", "on", "t", "y"};
        static constexpr std::array<std::string_view, 6> no{"false", "0", "no", "off", "f", "n"};
        const auto value = text(name);
        if (!value) {
            return std::nullopt;
        }
        const auto word = lower(*value);
        if (std::ranges::find(yes, word) != yes.end()) {
            return true;
        }
        if (std::ranges::find(no, word) == no.end()) {
            reject(name, "bool_parsing",
                   "Input should be a valid boolean, unable to interpret input");
        }
        return false;
    }

    void require_with(const std::string& name, const std::string& other) {
        if (text(other) && !text(name)) {
            reject(name, "missing", "Field required with " + other);
        }
    }

    void throw_if_rejected() const {
        if (!rejected_.empty()) {
            throw Refusal(rejected_);
        }
    }

private:
    std::optional<std::string> text(const std::string& name) const {
        const auto found = fields_.find(name);
        if (found == fields_.end() || trim(found->second).empty()) {
            return std::nullopt;
        }
        return std::string(trim(found->second));
    }

    void reject(const std::string& name, std::string_view type, const std::string& message,
                decltype(FieldError::rule) rule = std::nullopt) {
        rejected_.push_back({.type = std::string(type),
                             .field = name,
                             .message = message,
                             .input = text(name),
                             .rule = std::move(rule)});
    }

    const std::map<std::string, std::string>& fields_;
    std::vector<FieldError> rejected_;
};

}  // namespace

speciesnet::Location RequestedLocation::for_engine() const {
    auto place = location;
    if (!geofence) {
        place.country.reset();
        place.admin1_region.reset();
    }
    return place;
}

RequestedLocation read_location(const std::map<std::string, std::string>& fields,
                                const RequestedLocation& defaults) {
    static constexpr std::size_t region_length = 2;
    static constexpr double most_north = 90;
    static constexpr double most_east = 180;

    FieldReader reader(fields);
    RequestedLocation result;
    result.location.country = reader.country("country");
    result.location.admin1_region = reader.code("admin1_region", region_length, "0-9");
    result.location.latitude = reader.degrees("latitude", most_north);
    result.location.longitude = reader.degrees("longitude", most_east);
    reader.require_with("latitude", "longitude");
    reader.require_with("longitude", "latitude");
    result.geofence = reader.boolean("geofence").value_or(defaults.geofence);
    result.every_box = reader.boolean("every_box").value_or(defaults.every_box);
    reader.throw_if_rejected();
    if (result.location == speciesnet::Location{}) {
        result.location = defaults.location;
    }
    return result;
}

}  // namespace server
