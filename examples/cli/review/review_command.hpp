// SPDX-License-Identifier: Apache-2.0
// `speciesnet review`: a page on this computer on which a person corrects results.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_review_command(CLI::App& program);

}  // namespace speciesnet::cli
