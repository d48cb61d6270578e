// SPDX-License-Identifier: Apache-2.0
// The flags that name outputs, for `speciesnet predict` and `speciesnet convert`.
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

/// Default of minutes between independent events: the usual choice in studies of activity and
/// abundance.
inline constexpr double usual_event_gap = 30;

/// Files and a folder to write; empty ones are not written.
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
    bool excel = false;  ///< Whether CSV tables have Excel's byte order mark.
    StationArguments stations;
    std::string repeats;
};

/// Adds all flags except --predictions_json; `arguments` must outlive the parser.
void add_output_flags(CLI::App& command, OutputArguments& arguments);

/// Adds only the flags for the content of other formats.
void add_record_flags(CLI::App& command, OutputArguments& arguments);

/// An output, and the flag that names it.
struct Output {
    const char* flag;
    std::string file;
};

/// Returns the requested outputs in a fixed order; the journal is next to the first one.
std::vector<Output> outputs_of(const OutputArguments& arguments);

/// Returns whether an output other than SpeciesNet's documents is requested.
bool wants_records(const OutputArguments& arguments);

/// @throws InvalidArgument if flags contradict each other
void check_output_arguments(const OutputArguments& arguments);

/// @throws InvalidArgument, IoError naming the flag
RecordOptions record_options(const OutputArguments& arguments);

/// Returns the corrections to apply to the results for other formats.
CorrectionArguments corrections(const OutputArguments& arguments);

/// Returns the time zone of the cameras' clocks; nothing if it was not given. @throws
/// InvalidArgument naming the flag
std::optional<TimeZone> time_zone(const OutputArguments& arguments);

}  // namespace speciesnet::cli
