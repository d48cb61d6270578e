// SPDX-License-Identifier: Apache-2.0
// Space on disk, for which each POSIX system has a call of its own.
#pragma once

#include <sys/types.h>

namespace speciesnet {

/// Makes an empty file this large and allocates its space on disk, so that a full disk is an error
/// here and not a signal later.
/// @return 0 or a number of errno
int reserve_disk_space(int descriptor, off_t size) noexcept;

}  // namespace speciesnet
