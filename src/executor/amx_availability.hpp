// SPDX-License-Identifier: Apache-2.0
// Whether the matrix registers of AMX can be used.
#pragma once

namespace speciesnet::executor {

/// Asks CPU and operating system, the latter for leave to use the registers in this process, and
/// tries them: what they give must be what the imitated registers give.
/// @return false on any doubt
bool obtain_amx();

}  // namespace speciesnet::executor
