// SPDX-License-Identifier: Apache-2.0
// Flags of all commands that read a table of stations.
#include "station_flags.hpp"

#include "speciesnet/utf8_path.hpp"

#include "clock/clock_text.hpp"
#include "flags/naming_flag.hpp"

namespace speciesnet::cli {

void add_station_flags(CLI::App& command, StationArguments& arguments) {
    const std::string group = "Stations and clocks";
    command
        .add_option("--stations", arguments.stations,
                    "A CSV file with the columns folder or camera, station, and any of latitude, "
                    "longitude, start, end, time_zone, clock_offset, country, region, "
                    "species_list: places and periods of the cameras, and the species there")
        ->type_name("FILE")
        ->group(group);
    command
        .add_option("--clock_offset", arguments.clock_offset,
                    "Correction to add to the times of the photos: +01:00:00, -365d, or the time "
                    "shown and the correct time, \"2000-01-01 00:00 = 2026-07-04 07:12\"; that of "
                    "a station takes precedence")
        ->type_name("TIME")
        ->group(group);
}

StationTable read_stations(const StationArguments& arguments) {
    std::chrono::seconds clock_offset{};
    if (!arguments.clock_offset.empty()) {
        clock_offset = naming_flag("--clock_offset",
                                   [&] { return parse_clock_offset(arguments.clock_offset); });
    }
    if (arguments.stations.empty()) {
        return StationTable(clock_offset);
    }
    return naming_flag("--stations", [&] {
        return StationTable::load(utf8_path(arguments.stations), clock_offset);
    });
}

}  // namespace speciesnet::cli
