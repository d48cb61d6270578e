// SPDX-License-Identifier: Apache-2.0
// Detects whether the matrix registers of AMX can be used.
#pragma once

namespace speciesnet::executor {

/// Checks the CPU, requests the operating system's permission to use the registers in this process,
/// and compares their results with those of the imitated registers.
/// @return false if any of these fails
bool obtain_amx();

}  // namespace speciesnet::executor
