// The forms of countries and regions that the reference insists on.
#include "speciesnet/location.hpp"

#include "speciesnet/error.hpp"

namespace speciesnet {
namespace {

void check_range(const std::optional<double>& value, double limit, const char* field) {
    // Written so that NaN fails, too.
    if (value && !(*value >= -limit && *value <= limit)) {
        throw InvalidArgument(std::string(field) + " " + std::to_string(*value) +
                              " is not within ±" + std::to_string(static_cast<int>(limit)) +
                              " degrees");
    }
}

}  // namespace

void check_location(const Location& location) {
    if (location.country && !location.country->empty() && location.country->size() != 3) {
        throw InvalidArgument("country \"" + *location.country +
                              "\" is not a three-letter code (ISO 3166-1 alpha-3)");
    }
    if (location.admin1_region && !location.admin1_region->empty() &&
        location.admin1_region->size() != 2) {
        throw InvalidArgument("admin1_region \"" + *location.admin1_region +
                              "\" is not a two-letter code (ISO 3166-2)");
    }
    check_range(location.latitude, 90, "latitude");
    check_range(location.longitude, 180, "longitude");
}

}  // namespace speciesnet
