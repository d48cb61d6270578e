// SPDX-License-Identifier: Apache-2.0
// Each format has its own flag, so that --help lists the formats.
#include "output_arguments.hpp"

#include "speciesnet/error.hpp"

#include "flags/flag_checks.hpp"
#include "flags/naming_flag.hpp"
#include "formats/workbook.hpp"

#include <algorithm>
#include <cmath>

namespace speciesnet::cli {
namespace {

void add_format_flags(CLI::App& command, OutputArguments& arguments) {
    const std::string group = "Other formats (may be combined)";
    const auto add = [&](const char* flag, std::string& target, const char* description,
                         const char* type = "FILE") {
        command.add_option(flag, target, description)->type_name(type)->group(group);
    };
    add("--megadetector_json", arguments.megadetector_json,
        "MegaDetector's format, for Timelapse and the MegaDetector tools");
    add("--csv", arguments.csv, "A table with one row per photo");
    add("--detections_csv", arguments.detections_csv, "A table with one row per detection");
    add("--sequences_csv", arguments.sequences_csv,
        "A table with one row per burst; needs --sequence_gap");
    add("--videos_csv", arguments.videos_csv, "A table with one row per video");
    add("--events_csv", arguments.events_csv,
        "A table with one row per independent event: a species at a station");
    add("--xlsx", arguments.xlsx, "These tables as sheets of an Excel workbook");
    add("--coco_json", arguments.coco_json, "COCO Camera Traps");
    add("--camtrap_dp", arguments.camtrap_dp,
        "Camtrap DP: deployments, media and observations in a folder", "FOLDER");
    add("--json_lines", arguments.json_lines, "One photo per line, as in the predictions document");
}

/// Limits the duration to a century, which prevents an overflow.
std::chrono::milliseconds duration(double seconds) {
    constexpr double century = 3.2e9;
    return std::chrono::milliseconds(std::llround(1000 * std::min(seconds, century)));
}

}  // namespace

void add_record_flags(CLI::App& command, OutputArguments& arguments) {
    const std::string group = "Content of other formats";
    command
        .add_option("--sequence_gap", arguments.sequence_gap,
                    "Maximum gap between photos of a burst: photos of one folder and camera that "
                    "follow each other within this time get one answer")
        ->type_name("SECONDS")
        ->check(at_least(0.0))
        ->group(group);
    command
        .add_option("--event_gap", arguments.event_gap,
                    "Maximum gap between photos of an event, of one species at one station; 30 "
                    "unless given. Adds events to --xlsx and --camtrap_dp")
        ->type_name("MINUTES")
        ->check(at_least(0.0))
        ->group(group);
    command
        .add_option("--base_folder", arguments.base_folder,
                    "Folder to which paths are relative; by default that of --folders, or the "
                    "deepest that contains all photos; \"\": paths are not changed")
        ->type_name("FOLDER")
        ->group(group);
    command
        .add_option("--observation_threshold", arguments.observation_threshold,
                    "Minimum confidence of detections that count in tables, bursts, --coco_json "
                    "and --camtrap_dp; 0.2 unless given")
        ->type_name("CONF")
        ->check(CLI::Range(0.0, 1.0))
        ->group(group);
    command
        .add_option("--utc_offset", arguments.utc_offset,
                    "Time zone of the cameras' clocks in --camtrap_dp, for photos that store none: "
                    "+03:00, or a name such as Africa/Nairobi")
        ->type_name("ZONE")
        ->group(group);
    command
        .add_flag("--excel,!--noexcel", arguments.excel,
                  "Begin CSV tables with a byte order mark, so that Excel reads accents correctly")
        ->group(group);
    add_repeats_flag(command, arguments.repeats)->group(group);
    add_station_flags(command, arguments.stations);
}

void add_output_flags(CLI::App& command, OutputArguments& arguments) {
    add_format_flags(command, arguments);
    add_record_flags(command, arguments);
}

std::vector<Output> outputs_of(const OutputArguments& arguments) {
    std::vector<Output> outputs{{"--predictions_json", arguments.predictions_json},
                                {"--json_lines", arguments.json_lines},
                                {"--megadetector_json", arguments.megadetector_json},
                                {"--csv", arguments.csv},
                                {"--detections_csv", arguments.detections_csv},
                                {"--sequences_csv", arguments.sequences_csv},
                                {"--videos_csv", arguments.videos_csv},
                                {"--events_csv", arguments.events_csv},
                                {"--xlsx", arguments.xlsx},
                                {"--coco_json", arguments.coco_json},
                                {"--camtrap_dp", arguments.camtrap_dp}};
    std::erase_if(outputs, [](const Output& output) { return output.file.empty(); });
    return outputs;
}

bool wants_records(const OutputArguments& arguments) {
    const auto documents =
        (arguments.predictions_json.empty() ? 0U : 1U) + (arguments.json_lines.empty() ? 0U : 1U);
    return outputs_of(arguments).size() > documents;
}

void check_output_arguments(const OutputArguments& arguments) {
    if (!arguments.sequences_csv.empty() && !arguments.sequence_gap) {
        throw InvalidArgument("--sequences_csv needs --sequence_gap, for instance 60");
    }
    if (!arguments.xlsx.empty() && !has_workbooks()) {
        throw InvalidArgument("--xlsx: this program was built without libxlsxwriter; use --csv");
    }
    time_zone(arguments);
    read_stations(arguments.stations);
    if (!arguments.repeats.empty()) {
        naming_flag("--repeats", [&] { RepeatDecisions::load(arguments.repeats); });
    }
}

RecordOptions record_options(const OutputArguments& arguments) {
    RecordOptions options{.facts = true,
                          .base_folder = arguments.base_folder,
                          .threshold = arguments.observation_threshold,
                          .stations = read_stations(arguments.stations)};
    if (arguments.sequence_gap) {
        options.sequence_gap = duration(*arguments.sequence_gap);
    }
    if (arguments.event_gap || !arguments.events_csv.empty()) {
        constexpr double seconds_per_minute = 60;
        options.event_gap =
            duration(seconds_per_minute * arguments.event_gap.value_or(usual_event_gap));
    }
    return options;
}

CorrectionArguments corrections(const OutputArguments& arguments) {
    return {.repeats = arguments.repeats, .threshold = arguments.observation_threshold};
}

std::optional<TimeZone> time_zone(const OutputArguments& arguments) {
    if (arguments.utc_offset.empty()) {
        return std::nullopt;
    }
    return naming_flag("--utc_offset", [&] { return TimeZone::parse(arguments.utc_offset); });
}

}  // namespace speciesnet::cli
