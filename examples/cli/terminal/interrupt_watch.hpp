// SPDX-License-Identifier: Apache-2.0
// Converts Ctrl-C and SIGTERM to a request to stop.
#pragma once

#include "interrupts.hpp"

#include <atomic>
#include <stop_token>

namespace speciesnet::cli {

/// A command that was asked to stop by a signal, and has.
struct Interrupted {
    int signal;
};

/// While it lives, the first interrupt asks for a stop; the second ends the program at once. One at
/// a time in a program.
class InterruptWatch {
public:
    std::stop_token token() const noexcept { return stop_.get_token(); }
    /// The signal that came; 0 if none did.
    int signal() const noexcept { return signal_; }

private:
    std::stop_source stop_;
    std::atomic<int> signal_ = 0;
    Interrupts interrupts_{[this](int signal) {
        signal_ = signal;
        stop_.request_stop();
    }};
};

}  // namespace speciesnet::cli
