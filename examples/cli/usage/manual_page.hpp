// SPDX-License-Identifier: Apache-2.0
// `speciesnet manual`: prints the manual page.
#pragma once

#include "outline.hpp"

#include <string>
#include <string_view>

namespace speciesnet::cli {

/// A page of section 1 in the man macros of troff, UTF-8.
std::string manual_page(const CommandOutline& program, std::string_view version);

}  // namespace speciesnet::cli
