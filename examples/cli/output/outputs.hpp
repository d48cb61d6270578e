// SPDX-License-Identifier: Apache-2.0
// Writes documents to disk and to standard output.
#pragma once

#include "speciesnet/json.hpp"

#include "output_arguments.hpp"
#include "output_files.hpp"
#include "results/results.hpp"

#include <cstddef>

namespace speciesnet::cli {

/// Returns the files of all outputs, including each file in folders.
/// @throws InvalidArgument if two of them are the same
OutputFiles output_files(const OutputArguments& arguments);

/// Checks that the outputs can be written, before hours are spent on computing them.
/// @throws IoError
void check_outputs_writable(const OutputArguments& arguments);

/// Writes each requested output; without any, writes SpeciesNet's document to standard output with
/// all digits. A failed output is reported, and the others are still written.
/// @param options for SpeciesNet's documents; saved ones are rounded as in the reference
/// @param results   for SpeciesNet's own document
/// @param corrected for all other outputs
/// @return number of outputs that could not be written
std::size_t write_outputs(const OutputArguments& arguments, const JsonOptions& options,
                          const Results& results, const Results& corrected);

}  // namespace speciesnet::cli
