// SPDX-License-Identifier: Apache-2.0
// The flag --progress_bars.
#pragma once

#include "command_line.hpp"

namespace speciesnet::cli {

/// @param shown must outlive the parser
inline void add_progress_flag(CLI::App& command, bool& shown) {
    command
        .add_flag("--progress_bars,!--noprogress_bars", shown,
                  "Show progress on standard error (default)")
        ->group("Running");
}

}  // namespace speciesnet::cli
