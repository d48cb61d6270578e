// SPDX-License-Identifier: Apache-2.0
// `speciesnet review`: serves a page for correcting results.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_review_command(CLI::App& program);

}  // namespace speciesnet::cli
