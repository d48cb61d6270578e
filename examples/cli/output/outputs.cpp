// SPDX-License-Identifier: Apache-2.0
// Replaces files atomically. Checks writes to standard output, because its disk may be full.
#include "outputs.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "files/atomic_file.hpp"
#include "files/text_file.hpp"
#include "flags/naming_flag.hpp"
#include "formats/formats.hpp"
#include "formats/time_text.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>

namespace speciesnet::cli {
namespace {

void write_to_standard_output(const JsonOptions& options, const Results& results) {
    write_speciesnet_json(results, options, [](std::string_view text) { std::cout << text; });
    std::cout << '\n' << std::flush;
    if (!std::cout) {
        throw IoError(ErrorCode::io, "cannot write to standard output");
    }
}

void write_document(const std::string& name, const JsonOptions& options, const Results& results) {
    AtomicFile file(utf8_path(name));
    write_speciesnet_json(results, options, [&file](std::string_view text) { file.write(text); });
    file.publish();
}

/// Writes outputs one after the other, and continues after failures.
class OutputList {
public:
    void write(const std::string& output, const std::function<void()>& write) {
        if (output.empty()) {
            return;
        }
        try {
            write();
        } catch (const IoError& error) {
            std::cerr << "speciesnet: error: " << error.what() << '\n';
            ++failed_;
        }
    }

    std::size_t failed() const noexcept { return failed_; }

private:
    std::size_t failed_ = 0;
};

void note_unreadable(const PhotoRecords& records) {
    if (records.unreadable() > 0) {
        std::cerr << "speciesnet: note: " << records.unreadable()
                  << " photos could not be opened to read their time, place and size; their rows "
                     "lack these\n";
    }
}

void note_clock_jumps(const PhotoRecords& records) {
    for (const auto& station : records.stations()) {
        if (const auto& jump = station.clock_jump) {
            std::cerr << "speciesnet: note: the clock of '" << station.name << "' jumps from "
                      << plain_text(jump->before) << " (" << jump->photos_before
                      << " photos until then) to " << plain_text(jump->after) << " ("
                      << jump->photos_after
                      << " from then on); if it was reset, correct it with --clock_offset, or "
                         "clock_offset in the table of --stations\n";
        }
    }
}

void note_clocks_without_zone(const PhotoRecords& records) {
    std::size_t count = 0;
    records.for_each([&count](const PhotoRecord& record) {
        count += record.facts.taken && !record.facts.taken->utc_offset ? 1 : 0;
    });
    if (count > 0) {
        std::cerr
            << "speciesnet: note: " << count
            << " photos do not store the time zone of their clock; --camtrap_dp writes their times "
               "as UTC and marks their deployments as uncertain. Give the zone with --utc_offset, "
               "or time_zone in the table of --stations: +03:00, or Africa/Nairobi\n";
    }
}

void write_records(const OutputArguments& arguments, const Results& results, OutputList& outputs) {
    const PhotoRecords records(results, record_options(arguments));
    note_unreadable(records);
    note_clock_jumps(records);
    const FormatOptions options{
        .observation_threshold = arguments.observation_threshold,
        .zone = time_zone(arguments),
        .now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()),
        .byte_order_mark =
            arguments.excel ? CsvTable::ByteOrderMark::with : CsvTable::ByteOrderMark::without};
    outputs.write(arguments.megadetector_json, [&] {
        write_megadetector_json(records, utf8_path(arguments.megadetector_json));
    });
    outputs.write(arguments.csv,
                  [&] { write_photos_csv(records, options, utf8_path(arguments.csv)); });
    outputs.write(arguments.detections_csv, [&] {
        write_detections_csv(records, options, utf8_path(arguments.detections_csv));
    });
    outputs.write(arguments.sequences_csv, [&] {
        write_sequences_csv(records, options, utf8_path(arguments.sequences_csv));
    });
    outputs.write(arguments.videos_csv,
                  [&] { write_videos_csv(records, options, utf8_path(arguments.videos_csv)); });
    outputs.write(arguments.events_csv,
                  [&] { write_events_csv(records, options, utf8_path(arguments.events_csv)); });
    outputs.write(arguments.xlsx,
                  [&] { write_workbook(records, options, utf8_path(arguments.xlsx)); });
    outputs.write(arguments.coco_json, [&] {
        write_coco_camera_traps(records, options, utf8_path(arguments.coco_json));
    });
    outputs.write(arguments.camtrap_dp,
                  [&] { write_camtrap_dp(records, options, utf8_path(arguments.camtrap_dp)); });
    if (!arguments.camtrap_dp.empty() && !options.zone) {
        note_clocks_without_zone(records);
    }
}

}  // namespace

OutputFiles output_files(const OutputArguments& arguments) {
    OutputFiles files;
    for (const auto& [flag, file] : outputs_of(arguments)) {
        files.add(flag, utf8_path(file));
    }
    if (!arguments.camtrap_dp.empty()) {
        for (const auto* const name : camtrap_dp_files) {
            files.add("--camtrap_dp", utf8_path(arguments.camtrap_dp) / name);
        }
    }
    return files;
}

void check_outputs_writable(const OutputArguments& arguments) {
    for (const auto& [flag, file] : outputs_of(arguments)) {
        if (file != arguments.camtrap_dp) {
            naming_flag(flag, [&output = file] { check_writable(utf8_path(output)); });
        }
    }
}

std::size_t write_outputs(const OutputArguments& arguments, const JsonOptions& options,
                          const Results& results, const Results& corrected) {
    if (outputs_of(arguments).empty()) {
        write_to_standard_output(options, results);
        return 0;
    }
    auto saved = options;
    saved.decimals = saved_decimals;
    saved.run = results.run();
    OutputList outputs;
    outputs.write(arguments.predictions_json,
                  [&] { write_document(arguments.predictions_json, saved, results); });
    outputs.write(arguments.json_lines,
                  [&] { write_json_lines(corrected, saved, arguments.json_lines); });
    if (wants_records(arguments)) {
        write_records(arguments, corrected, outputs);
    }
    return outputs.failed();
}

}  // namespace speciesnet::cli
