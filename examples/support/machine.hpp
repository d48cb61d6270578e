// SPDX-License-Identifier: Apache-2.0
// What a program says of the machine that it runs on.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace speciesnet {

/// Lines "key : value" as of Linux's /proc/cpuinfo: "model name", "flags". Empty if nothing is
/// known.
std::string describe_processor();

/// Lines "key: value kB" as of Linux's /proc/meminfo: MemTotal, MemAvailable. Empty if nothing is
/// known.
std::string describe_memory();

/// Cores that this process may use.
std::size_t usable_cores();

/// Paths of the libraries that the program has loaded.
std::vector<std::string> loaded_libraries();

}  // namespace speciesnet
