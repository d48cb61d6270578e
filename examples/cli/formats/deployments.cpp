// SPDX-License-Identifier: Apache-2.0
// A deployment lasts from the station's first photo to its last, unless a table of stations states
// its period.
#include "deployments.hpp"

#include "csv_table.hpp"
#include "files/atomic_file.hpp"
#include "text/json_writer.hpp"
#include "time_text.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet::cli {
namespace {

/// About ten centimetres.
constexpr int coordinate_decimals = 6;
/// Columns that only people of the project can fill: between cameraModel and timestampIssues, and
/// from there to deploymentComments.
constexpr std::size_t columns_before_issues = 6;
constexpr std::size_t columns_before_comments = 5;
constexpr auto zone_unknown =
    "The time zone of the camera's clock is unknown: its times are written as UTC.";

const std::string standard = "https://raw.githubusercontent.com/tdwg/camtrap-dp/1.0.2/";

constexpr auto clock_reset =
    "The times of its photos jump by a year or more: the camera's clock may have been reset.";
constexpr auto outside_period = "Some photos have times outside the deployment period.";

void write_table(JsonWriter& json, const std::string& name) {
    json.begin_object();
    json.key("name").value(name);
    json.key("path").value(name + ".csv");
    json.key("profile").value("tabular-data-resource");
    json.key("format").value("csv");
    json.key("mediatype").value("text/csv");
    json.key("encoding").value("utf-8");
    json.key("schema").value(standard + name + "-table-schema.json");
    json.end_object();
}

/// Required fields that only people of the project know get the most cautious value.
void write_project(JsonWriter& json, const std::string& model, bool events) {
    json.key("contributors").begin_array();
    json.begin_object();
    json.key("title").value("To be named by the project");
    json.end_object();
    json.end_array();
    json.key("project").begin_object();
    json.key("title").value("Camera-trap photos with answers of " + model);
    json.key("samplingDesign").value("opportunistic");
    json.key("captureMethod").begin_array().value("activityDetection").end_array();
    json.key("individualAnimals").value(false);
    json.key("observationLevel").begin_array().value("media");
    if (events) {
        json.value("event");
    }
    json.end_array();
    json.end_object();
}

void write_box(JsonWriter& json, const Coordinates& south_west, const Coordinates& north_east) {
    json.key("spatial").begin_object();
    json.key("type").value("Polygon");
    json.key("coordinates").begin_array().begin_array();
    const auto west = south_west.longitude;
    const auto east = north_east.longitude;
    const auto south = south_west.latitude;
    const auto north = north_east.latitude;
    for (const auto& [longitude, latitude] :
         {std::pair(west, south), {east, south}, {east, north}, {west, north}, {west, south}}) {
        json.begin_array().value(longitude).value(latitude).end_array();
    }
    json.end_array().end_array();
    json.end_object();
}

}  // namespace

void Deployments::add(const PhotoRecord& record) {
    auto& coverage = coverage_[record.station.name];
    if (!coverage.coordinates) {
        coverage.coordinates = record.coordinates();
    }
    const auto& taken = record.facts.taken;
    if (!taken) {
        return;
    }
    coverage.clock_without_zone = coverage.clock_without_zone || !taken->utc_offset;
    if (!coverage.start || taken->local < coverage.start->local) {
        coverage.start = taken;
    }
    if (!coverage.end || taken->local > coverage.end->local) {
        coverage.end = taken;
    }
}

/// Takes the period from the table of stations if it has one.
Deployments::Coverage Deployments::coverage_of(const Station& station) const {
    auto coverage = coverage_.at(station.name);
    const auto set = [&](std::optional<CaptureTime>& time,
                         const std::optional<std::chrono::local_seconds>& known) {
        if (known) {
            const auto& zone = station.row->zone;
            time = {.local = *known,
                    .utc_offset = zone ? std::optional(zone->offset_at(*known)) : std::nullopt};
        }
    };
    if (station.row != nullptr) {
        set(coverage.start, station.row->start);
        set(coverage.end, station.row->end);
    }
    return coverage;
}

void Deployments::write(const std::filesystem::path& file,
                        const std::optional<TimeZone>& zone) const {
    CsvTable table(file, {"deploymentID",     "locationID",        "locationName",
                          "latitude",         "longitude",         "coordinateUncertainty",
                          "deploymentStart",  "deploymentEnd",     "setupBy",
                          "cameraID",         "cameraModel",       "cameraDelay",
                          "cameraHeight",     "cameraDepth",       "cameraTilt",
                          "cameraHeading",    "detectionDistance", "timestampIssues",
                          "baitUse",          "featureType",       "habitat",
                          "deploymentGroups", "deploymentTags",    "deploymentComments"});
    for_each_station([&](const Station& station) {
        const auto coverage = coverage_of(station);
        table.field(package_.unique(station.name));
        table.field(station.row == nullptr ? "" : package_.unique(station.place()))
            .field(station.place());
        if (coverage.coordinates) {
            table.field(coverage.coordinates->latitude, coordinate_decimals)
                .field(coverage.coordinates->longitude, coordinate_decimals);
        } else {
            table.blank_fields(2);
        }
        table.blank_fields(1);
        table.field(coverage.start ? zoned_text(*coverage.start, zone) : "")
            .field(coverage.end ? zoned_text(*coverage.end, zone) : "");
        table.blank_fields(2).field(station.camera).blank_fields(columns_before_issues);
        std::string issues;
        const auto add_issue = [&issues](bool there, const char* text) {
            if (there) {
                issues += (issues.empty() ? "" : " ") + std::string(text);
            }
        };
        add_issue(coverage.clock_without_zone && !zone, zone_unknown);
        add_issue(station.clock_jump.has_value(), clock_reset);
        add_issue(station.outside_period > 0, outside_period);
        table.field(issues.empty() ? "" : "true").blank_fields(columns_before_comments);
        table.field(issues).end_row();
    });
    table.publish();
}

/// Visits the stations that have photos here, and each name once.
void Deployments::for_each_station(const std::function<void(const Station&)>& visit) const {
    std::set<std::string> visited;
    for (const auto& station : stations_) {
        if (coverage_.contains(station.name) && visited.insert(station.name).second) {
            visit(station);
        }
    }
}

Deployments::Extent Deployments::extent_of_all() const {
    Extent extent;
    for_each_station([&](const Station& station) {
        const auto coverage = coverage_of(station);
        if (coverage.start && (!extent.start || coverage.start->local < extent.start->local)) {
            extent.start = coverage.start;
        }
        if (coverage.end && (!extent.end || coverage.end->local > extent.end->local)) {
            extent.end = coverage.end;
        }
        if (const auto& here = coverage.coordinates) {
            auto& low = extent.south_west;
            auto& high = extent.north_east;
            low = {.latitude = std::min(low.value_or(*here).latitude, here->latitude),
                   .longitude = std::min(low.value_or(*here).longitude, here->longitude)};
            high = {.latitude = std::max(high.value_or(*here).latitude, here->latitude),
                    .longitude = std::max(high.value_or(*here).longitude, here->longitude)};
        }
    });
    return extent;
}

void Deployments::write_description(const std::filesystem::path& file,
                                    const std::set<std::string>& taxa, const PhotoRecords& records,
                                    const FormatOptions& options) const {
    JsonWriter json(2);
    json.begin_object();
    json.key("name").value(package_.name(records.base_folder()));
    json.key("id").value(package_.uuid());
    json.key("profile").value(standard + "camtrap-dp-profile.json");
    json.key("created").value(zoned_text(utc(options.now), {}));
    json.key("resources").begin_array();
    for (const auto* const name : {"deployments", "media", "observations"}) {
        write_table(json, name);
    }
    json.end_array();
    write_project(
        json, records.model().text(),
        !records.sequences().empty() || (records.events() && !records.events()->all().empty()));

    const auto extent = extent_of_all();
    if (extent.south_west && extent.north_east) {
        write_box(json, *extent.south_west, *extent.north_east);
    }
    if (extent.start && extent.end) {
        json.key("temporal").begin_object();
        json.key("start").value(date_text(*extent.start));
        json.key("end").value(date_text(*extent.end));
        json.end_object();
    }
    json.key("taxonomic").begin_array();
    for (const auto& taxon : taxa) {
        json.begin_object();
        json.key("scientificName").value(taxon);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    AtomicFile output(file);
    output.write(json.take() + '\n');
    output.publish();
}

}  // namespace speciesnet::cli
