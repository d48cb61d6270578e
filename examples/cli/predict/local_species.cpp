// SPDX-License-Identifier: Apache-2.0
// Messages refer to files by their flags.
#include "local_species.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "files/text_file.hpp"
#include "flags/naming_flag.hpp"

#include <filesystem>
#include <iostream>
#include <set>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace speciesnet::cli {
namespace {

std::string quoted_field(std::string_view text) {
    std::string field = "\"";
    for (const char c : text) {
        field += c == '"' ? "\"\"" : std::string(1, c);
    }
    return field + '"';
}

/// Converts the list of one station to the table of an overlay.
/// @param file a list whose names are known or skipped
GeofenceOverlay list_of_station(const std::string& station, const std::filesystem::path& file,
                                const Taxonomy& taxonomy) {
    std::string table = "taxon,action,station\n";
    for (const auto& name : read_lines(file)) {
        if (!name.starts_with('#') && !taxonomy.find(name).empty()) {
            table += quoted_field(name) + ",only," + quoted_field(station) + '\n';
        }
    }
    return GeofenceOverlay::parse(table, taxonomy, utf8_text(file));
}

void note_skipped(std::span<const std::string> skipped) {
    if (skipped.empty()) {
        return;
    }
    std::cerr << "speciesnet: note: " << skipped.size()
              << (skipped.size() == 1 ? " name was skipped, which is not a taxon"
                                      : " names were skipped, which are not taxa")
              << " of this model:\n";
    for (const auto& name : skipped) {
        std::cerr << "  " << name << '\n';
    }
}

}  // namespace

void add_local_species_flags(CLI::App& command, LocalSpeciesArguments& arguments) {
    const std::string group = "Decisions";
    command
        .add_option("--species_list", arguments.species_list,
                    "List of the only animals that live where the photos were taken: one name per "
                    "line, scientific or common, of any rank, or a UUID")
        ->type_name("FILE")
        ->group(group);
    command
        .add_option("--geofence_overlay", arguments.geofence_overlay,
                    "A CSV file with the columns taxon, action (allow, block, only), country, "
                    "region, station: entries that override the model's geofence")
        ->type_name("FILE")
        ->group(group);
    command
        .add_flag("--skip_unknown_taxa,!--noskip_unknown_taxa", arguments.skip_unknown_taxa,
                  "Skip unknown names in these files with a note, instead of failing")
        ->group(group);
}

void check_local_species(const LocalSpeciesArguments& arguments, const StationTable& stations) {
    std::vector<std::pair<const char*, std::string>> files{
        {"--species_list", arguments.species_list},
        {"--geofence_overlay", arguments.geofence_overlay}};
    for (const auto& [station, list] : stations.species_lists()) {
        files.emplace_back("--stations", utf8_text(list));
    }
    for (const auto& [flag, file] : files) {
        std::error_code error;
        if (file.empty() || std::filesystem::is_regular_file(utf8_path(file), error)) {
            continue;
        }
        const bool is_there = std::filesystem::exists(utf8_path(file), error);
        throw IoError(is_there ? ErrorCode::io : ErrorCode::not_found,
                      std::string(flag) + ": '" + file + "' " +
                          (is_there ? "is not a regular file" : "does not exist"));
    }
}

GeofenceOverlay read_local_species(const LocalSpeciesArguments& arguments,
                                   const StationTable& stations, const Taxonomy& taxonomy) {
    const auto unknown = arguments.skip_unknown_taxa ? UnknownTaxa::skip : UnknownTaxa::refuse;
    GeofenceOverlay overlay;
    if (!arguments.species_list.empty()) {
        overlay = naming_flag("--species_list", [&] {
            return GeofenceOverlay::load_species_list(utf8_path(arguments.species_list), taxonomy,
                                                      unknown);
        });
    }
    if (!arguments.geofence_overlay.empty()) {
        overlay = naming_flag("--geofence_overlay", [&] {
            return overlay.with(
                GeofenceOverlay::load(utf8_path(arguments.geofence_overlay), taxonomy, unknown));
        });
    }
    std::vector<std::string> skipped(overlay.skipped().begin(), overlay.skipped().end());
    std::set<std::filesystem::path> read;
    for (const auto& entry : stations.species_lists()) {
        // Clang 14 captures no structured bindings.
        const auto& station = entry.first;
        const auto& file = entry.second;
        naming_flag("--stations", [&] {
            const auto list = GeofenceOverlay::load_species_list(file, taxonomy, unknown);
            if (read.insert(file).second) {
                skipped.insert(skipped.end(), list.skipped().begin(), list.skipped().end());
            }
            overlay = overlay.with(list_of_station(station, file, taxonomy));
        });
    }
    note_skipped(skipped);
    return overlay;
}

}  // namespace speciesnet::cli
