// SPDX-License-Identifier: Apache-2.0
// Suggests corrections for mistyped words.
#pragma once

#include "command_line.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Letters to insert, remove, replace or swap with their neighbour to make one word of the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The word closest to one that is mistyped; of equally close ones the first.
/// @return nothing if none is so close that it may have been meant
std::optional<std::string> nearest_word(std::string_view mistyped,
                                        std::span<const std::string> words);

/// What is wrong with the arguments: unknown flags and commands by name, with the nearest that
/// exists.
std::string explain_parse_error(const CLI::App& program, const CLI::ParseError& error);

}  // namespace speciesnet::cli
