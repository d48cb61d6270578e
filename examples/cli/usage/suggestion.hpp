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

/// Returns the number of insertions, deletions, replacements and transpositions that turn one word
/// into the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// Returns the word closest to a mistyped one; the first among equally close ones.
/// @return nothing if no word is close enough to be meant
std::optional<std::string> nearest_word(std::string_view mistyped,
                                        std::span<const std::string> words);

/// Describes the errors in the arguments: unknown flags and commands by name, each with the closest
/// existing one.
std::string explain_parse_error(const CLI::App& program, const CLI::ParseError& error);

}  // namespace speciesnet::cli
