// SPDX-License-Identifier: Apache-2.0
// Browsers report the cores of the machine, and have neither affinity masks nor control groups.
#include "system/threads.hpp"

#include <algorithm>

#include <emscripten/threading.h>

namespace speciesnet {

int available_cpus() noexcept {
    return std::max(1, emscripten_num_logical_cores());
}

}  // namespace speciesnet
