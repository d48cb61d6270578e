// SPDX-License-Identifier: Apache-2.0
// Keeps signals of the embedding process away from the library's threads.
#pragma once

#include <functional>

namespace speciesnet {

/// Runs an action while this thread, and threads that it starts, receive only the signals of their
/// own faults (SIGBUS, SIGSEGV and the like). Afterwards this thread's signal mask is restored.
void with_signals_blocked(const std::function<void()>& action);

}  // namespace speciesnet
