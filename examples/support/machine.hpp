// SPDX-License-Identifier: Apache-2.0
// Describes the machine on which the program runs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace speciesnet {

/// Returns lines "key : value" as in Linux's /proc/cpuinfo: "model name", "flags". Empty if
/// unknown.
std::string describe_processor();

/// Returns lines "key: value kB" as in Linux's /proc/meminfo: MemTotal, MemAvailable. Empty if
/// unknown.
std::string describe_memory();

/// Returns the number of cores that this process may use.
std::size_t usable_cores();

/// Returns the paths of the libraries that the program has loaded.
std::vector<std::string> loaded_libraries();

}  // namespace speciesnet
