// SPDX-License-Identifier: Apache-2.0
// Formats counts as a table for terminals.
#pragma once

#include "species_count.hpp"

#include <cstddef>
#include <string>

namespace speciesnet::cli {

/// Returns one line for each species: name, photos, share of all photos, mean score; and a line of
/// totals.
/// @param width number of columns; longer names are cut
std::string species_table(const SpeciesCount& count, Names names, std::size_t width);

}  // namespace speciesnet::cli
