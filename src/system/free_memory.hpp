// SPDX-License-Identifier: Apache-2.0
// Returns freed memory from the allocator to the system.
#pragma once

namespace speciesnet {

/// Gives it back to the system, where the C library can. Worth its time, some milliseconds, after
/// hundreds of megabytes have been freed in pieces.
void return_free_memory() noexcept;

}  // namespace speciesnet
