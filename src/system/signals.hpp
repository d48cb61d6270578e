// SPDX-License-Identifier: Apache-2.0
// Signals of the process that embeds the library.
#pragma once

#include <functional>

namespace speciesnet {

/// Runs an action while this thread, and those that it starts, get no signals but those of their
/// own faults (SIGBUS, SIGSEGV and the like). Afterwards this thread gets what it got before.
void with_signals_blocked(const std::function<void()>& action);

}  // namespace speciesnet
