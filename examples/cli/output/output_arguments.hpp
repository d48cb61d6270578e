// SPDX-License-Identifier: Apache-2.0
// The flags that name outputs: those of `speciesnet predict` and of `speciesnet convert`.
#pragma once

#include "command_line.hpp"
#include "formats/photo_records.hpp"
#include "formats/time_zone.hpp"
#include "results/corrected_results.hpp"
#include "stations/station_flags.hpp"

#include <optional>
#include <string>
#include <vector>

namespace speciesnet::cli {

/// Minutes between independent events, unless the flag says otherwise: the usual choice in
/// studies of activity and abundance.
inline constexpr double usual_event_gap = 30;

/// Files, and a folder, to write; empty ones are not written.
struct OutputArguments {
    std::string predictions_json;
    std::string json_lines;
    std::string megadetector_json;
    std::string csv;
    std::string detections_csv;
    std::string sequences_csv;
    std::string videos_csv;
    std::string events_csv;
    std::string xlsx;
    std::string coco_json;
    std::string camtrap_dp;

    std::optional<double> sequence_gap;  ///< Seconds.
    std::optional<double> event_gap;     ///< Minutes.
    double observation_threshold = 0.2;
    std::optional<std::string> base_folder;
    std::string utc_offset;
    bool excel = false;  ///< CSV tables as Excel reads them.
    StationArguments stations;
    std::string repeats;
};

/// Adds all flags but --predictions_json; `arguments` must outlive the parser.
void add_output_flags(CLI::App& command, OutputArguments& arguments);

/// Those of these flags that say what goes into other formats.
void add_record_flags(CLI::App& command, OutputArguments& arguments);

/// An output and the flag that names it.
struct Output {
    const char* flag;
    std::string file;
};

/// The requested outputs, in a fixed order; the journal is beside the first.
std::vector<Output> outputs_of(const OutputArguments& arguments);

/// Whether any output other than SpeciesNet's documents is requested.
bool wants_records(const OutputArguments& arguments);

/// @throws InvalidArgument for flags that make no sense together
void check_output_arguments(const OutputArguments& arguments);

/// @throws InvalidArgument, IoError naming the flag
RecordOptions record_options(const OutputArguments& arguments);

/// What people have corrected in the results that go into formats.
CorrectionArguments corrections(const OutputArguments& arguments);

/// The time zone of the cameras' clocks; nothing if it was not given. @throws InvalidArgument
/// naming the flag
std::optional<TimeZone> time_zone(const OutputArguments& arguments);

}  // namespace speciesnet::cli
