// SPDX-License-Identifier: Apache-2.0
// Enables the matrix registers of AMX, which the operating system has to save.
#pragma once

namespace speciesnet {

/// Requests permission to use the registers in this process. Returns whether it was granted.
bool obtain_matrix_registers() noexcept;

}  // namespace speciesnet
