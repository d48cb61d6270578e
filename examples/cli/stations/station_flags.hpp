// SPDX-License-Identifier: Apache-2.0
// Flags about stations and clocks.
#pragma once

#include "command_line.hpp"
#include "station_table.hpp"

#include <string>

namespace speciesnet::cli {

struct StationArguments {
    std::string stations;      ///< A file; empty if there is none.
    std::string clock_offset;  ///< Empty for none.
};

/// Adds --stations and --clock_offset. @param arguments must outlive the parser
void add_station_flags(CLI::App& command, StationArguments& arguments);

/// Reads the table; returns an empty one if none was given.
/// @throws InvalidArgument, IoError naming the flag
StationTable read_stations(const StationArguments& arguments);

}  // namespace speciesnet::cli
