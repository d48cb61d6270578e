// SPDX-License-Identifier: Apache-2.0
// The flags that name outputs: those of `speciesnet predict` and of `speciesnet convert`.
#pragma once

#include "formats/photo_records.hpp"
#include "formats/time_zone.hpp"

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace speciesnet::cli {

/// Files, and a folder, to write; empty ones are not written.
struct OutputArguments {
    std::string predictions_json;
    std::string json_lines;
    std::string megadetector_json;
    std::string csv;
    std::string detections_csv;
    std::string sequences_csv;
    std::string xlsx;
    std::string coco_json;
    std::string camtrap_dp;

    std::optional<double> sequence_gap;  ///< Seconds.
    double observation_threshold = 0.2;
    std::optional<std::string> base_folder;
    std::string utc_offset;
    bool excel = false;  ///< CSV tables as Excel reads them.
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

/// The outputs that are asked for, in a fixed order; the first has the journal beside it.
std::vector<Output> outputs_of(const OutputArguments& arguments);

/// Whether any output but SpeciesNet's own documents is asked for.
bool wants_records(const OutputArguments& arguments);

/// @throws InvalidArgument for flags that make no sense together
void check_output_arguments(const OutputArguments& arguments);

RecordOptions record_options(const OutputArguments& arguments);

/// The time zone of the cameras' clocks; nothing if it was not given. @throws InvalidArgument
/// naming the flag
std::optional<TimeZone> time_zone(const OutputArguments& arguments);

}  // namespace speciesnet::cli
