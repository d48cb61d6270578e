// SPDX-License-Identifier: Apache-2.0
// Messages name files as the flags do.
#include "local_species.hpp"

#include "speciesnet/error.hpp"

#include "flags/naming_flag.hpp"

#include <filesystem>
#include <iostream>
#include <system_error>
#include <utility>

namespace speciesnet::cli {

void add_local_species_flags(CLI::App& command, LocalSpeciesArguments& arguments) {
    const std::string group = "Decisions";
    command
        .add_option("--species_list", arguments.species_list,
                    "The only animals that live at the photos' places: one name per line, at any "
                    "rank, scientific or common, or a UUID; others are rolled up")
        ->type_name("FILE")
        ->group(group);
    command
        .add_option("--geofence_overlay", arguments.geofence_overlay,
                    "A CSV file with the columns taxon, action (allow, block, only), country, "
                    "region, station: entries on top of the model's geofence")
        ->type_name("FILE")
        ->group(group);
    command
        .add_flag("--skip_unknown_taxa,!--noskip_unknown_taxa", arguments.skip_unknown_taxa,
                  "Pass over names in these files that the model does not know, with a note, "
                  "instead of refusing them")
        ->group(group);
}

void check_local_species(const LocalSpeciesArguments& arguments) {
    for (const auto& [flag, file] : {std::pair("--species_list", arguments.species_list),
                                     std::pair("--geofence_overlay", arguments.geofence_overlay)}) {
        std::error_code error;
        if (file.empty() || std::filesystem::is_regular_file(file, error)) {
            continue;
        }
        const bool is_there = std::filesystem::exists(file, error);
        throw IoError(is_there ? ErrorCode::io : ErrorCode::not_found,
                      std::string(flag) + ": '" + file + "' " +
                          (is_there ? "is not a regular file" : "does not exist"));
    }
}

GeofenceOverlay read_local_species(const LocalSpeciesArguments& arguments,
                                   const Taxonomy& taxonomy) {
    const auto unknown = arguments.skip_unknown_taxa ? UnknownTaxa::skip : UnknownTaxa::refuse;
    GeofenceOverlay overlay;
    if (!arguments.species_list.empty()) {
        overlay = naming_flag("--species_list", [&] {
            return GeofenceOverlay::load_species_list(arguments.species_list, taxonomy, unknown);
        });
    }
    if (!arguments.geofence_overlay.empty()) {
        overlay = naming_flag("--geofence_overlay", [&] {
            return overlay.with(
                GeofenceOverlay::load(arguments.geofence_overlay, taxonomy, unknown));
        });
    }
    if (const auto skipped = overlay.skipped(); !skipped.empty()) {
        std::cerr << "speciesnet: note: " << skipped.size()
                  << (skipped.size() == 1 ? " name was passed over that is no taxon"
                                          : " names were passed over that are no taxa")
                  << " of this model:\n";
        for (const auto& name : skipped) {
            std::cerr << "  " << name << '\n';
        }
    }
    return overlay;
}

}  // namespace speciesnet::cli
