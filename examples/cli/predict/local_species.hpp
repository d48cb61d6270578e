// SPDX-License-Identifier: Apache-2.0
// Species lists and geofence overlays of the command line.
#pragma once

#include "speciesnet/geofence_overlay.hpp"
#include "speciesnet/taxonomy.hpp"

#include "command_line.hpp"
#include "stations/station_table.hpp"

#include <string>

namespace speciesnet::cli {

struct LocalSpeciesArguments {
    std::string species_list;
    std::string geofence_overlay;
    bool skip_unknown_taxa = false;

    bool given() const noexcept { return !species_list.empty() || !geofence_overlay.empty(); }
};

void add_local_species_flags(CLI::App& command, LocalSpeciesArguments& arguments);

/// Checks that the files are regular files, because a named pipe would block.
/// @throws IoError naming the flag
void check_local_species(const LocalSpeciesArguments& arguments, const StationTable& stations);

/// Reads both files, and the lists of stations, which replace the common list. Reports skipped
/// entries on standard error.
/// @throws IoError; InvalidArgument naming the flag
GeofenceOverlay read_local_species(const LocalSpeciesArguments& arguments,
                                   const StationTable& stations, const Taxonomy& taxonomy);

}  // namespace speciesnet::cli
