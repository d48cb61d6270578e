// SPDX-License-Identifier: Apache-2.0
// Windows runs a console's handlers on threads of their own: others get no signals.
#include "system/signals.hpp"

namespace speciesnet {

void with_signals_blocked(const std::function<void()>& action) {
    action();
}

}  // namespace speciesnet
