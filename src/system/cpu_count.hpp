// How many cores this process may use.
#pragma once

namespace speciesnet {

/// Cores in the process's affinity mask (containers and taskset narrow it), at least 1.
int available_cpus() noexcept;

}  // namespace speciesnet
