// SPDX-License-Identifier: Apache-2.0
// Queries the terminal's size each time, because windows change their size.
#include "standard_output.hpp"

#include "speciesnet/error.hpp"

#include "terminal.hpp"

#include <algorithm>
#include <iostream>

namespace speciesnet::cli {
namespace {

/// Narrower windows get lines that are cut by the terminal.
constexpr std::size_t narrowest = 40;
/// Longer lines are hard to read.
constexpr std::size_t widest = 120;

}  // namespace

void print(std::string_view text) {
    std::cout << text << std::flush;
    if (!std::cout) {
        throw IoError(ErrorCode::io, "cannot write to standard output");
    }
}

std::optional<std::size_t> terminal_columns() {
    const auto width = terminal_width();
    return width ? std::optional(std::clamp(*width, narrowest, widest)) : std::nullopt;
}

}  // namespace speciesnet::cli
