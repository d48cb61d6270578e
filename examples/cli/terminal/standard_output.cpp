// SPDX-License-Identifier: Apache-2.0
// Queries the terminal's size on each call, because windows may be resized.
#include "standard_output.hpp"

#include "speciesnet/error.hpp"

#include "terminal.hpp"

#include <algorithm>
#include <iostream>

namespace speciesnet::cli {
namespace {

/// Minimum width of lines; narrower terminals wrap them.
constexpr std::size_t narrowest = 40;
/// Maximum width, because longer lines are hard to read.
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
