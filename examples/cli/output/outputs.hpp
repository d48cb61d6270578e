// SPDX-License-Identifier: Apache-2.0
// Writes documents to disk and to standard output.
#pragma once

#include "speciesnet/json.hpp"

#include "output_arguments.hpp"
#include "output_files.hpp"
#include "results/results.hpp"

#include <cstddef>

namespace speciesnet::cli {

/// The files that the outputs are, those in folders one by one.
/// @throws InvalidArgument if two of them are the same
OutputFiles output_files(const OutputArguments& arguments);

/// Checks that the outputs can be written, before hours are spent on what goes into them.
/// @throws IoError
void check_outputs_writable(const OutputArguments& arguments);

/// Writes every requested output; without any, SpeciesNet's document to standard output,
/// with all digits. One that cannot be written is reported and does not keep the others from being
/// written.
/// @param options of SpeciesNet's documents; saved ones are rounded, as the reference does
/// @param results   of SpeciesNet's own document
/// @param corrected the same for all other outputs
/// @return outputs that could not be written
std::size_t write_outputs(const OutputArguments& arguments, const JsonOptions& options,
                          const Results& results, const Results& corrected);

}  // namespace speciesnet::cli
