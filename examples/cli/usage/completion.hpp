// SPDX-License-Identifier: Apache-2.0
// `speciesnet completion`: prints scripts that complete commands, flags and values.
#pragma once

#include "outline.hpp"

#include <string>

namespace speciesnet::cli {

std::string bash_completion(const CommandOutline& program);
std::string zsh_completion(const CommandOutline& program);
std::string fish_completion(const CommandOutline& program);

/// Quotes any text as one word of a shell.
std::string shell_quoted(const std::string& text);

/// Quotes for fish, which interprets backslashes within single quotes.
std::string fish_quoted(const std::string& text);

}  // namespace speciesnet::cli
