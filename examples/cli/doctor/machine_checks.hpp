// SPDX-License-Identifier: Apache-2.0
// Checks processor, cores and memory.
#pragma once

#include "check.hpp"

#include <string_view>

namespace speciesnet::cli {

/// @param cpuinfo content of /proc/cpuinfo
Check check_processor(std::string_view cpuinfo);
Check check_cores();
/// @param meminfo content of /proc/meminfo
Check check_memory(std::string_view meminfo);

}  // namespace speciesnet::cli
