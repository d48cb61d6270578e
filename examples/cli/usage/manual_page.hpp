// SPDX-License-Identifier: Apache-2.0
// `speciesnet manual`: prints the manual page.
#pragma once

#include "outline.hpp"

#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Returns a page for section 1 in troff's man macros, UTF-8.
std::string manual_page(const CommandOutline& program, std::string_view version);

}  // namespace speciesnet::cli
