// SPDX-License-Identifier: Apache-2.0
// Exit statuses of the commands.
#pragma once

namespace speciesnet::cli {

/// Part of the interface, documented in docs/reference/cli.md. Values never change.
enum class ExitStatus : int {
    all_fine = 0,
    some_images_failed = 1,  ///< The results are complete except for images named on stderr.
    wrong_usage = 2,         ///< Flags or input lists are invalid; nothing was done.
    could_not_run = 3,       ///< The model, the disk or the system failed.
};

}  // namespace speciesnet::cli
