// SPDX-License-Identifier: Apache-2.0
// The number of cores that this process may use.
#pragma once

namespace speciesnet {

/// Cores in the process's affinity mask (containers and taskset narrow it), at least 1.
int available_cpus() noexcept;

/// The number of threads for an option's value.
/// @param wanted 0 means one per available core
/// @return at least 1
/// @throws InvalidArgument if `wanted` is negative or more than most_threads
int thread_count(int wanted);

}  // namespace speciesnet
