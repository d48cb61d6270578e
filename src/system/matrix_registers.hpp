// SPDX-License-Identifier: Apache-2.0
// The matrix registers of AMX, which the operating system has to save.
#pragma once

namespace speciesnet {

/// Asks the operating system for leave to use the registers in this process.
bool obtain_matrix_registers() noexcept;

}  // namespace speciesnet
