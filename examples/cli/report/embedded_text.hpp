// SPDX-License-Identifier: Apache-2.0
// The files of this folder that are embedded into the program.
#pragma once

#include <string_view>

namespace speciesnet::cli {

std::string_view report_markup();
std::string_view report_style();
std::string_view report_script();

}  // namespace speciesnet::cli
