// SPDX-License-Identifier: Apache-2.0
// Converts Ctrl-C and SIGTERM to a stop request.
#pragma once

#include "interrupts.hpp"

#include <atomic>
#include <stop_token>

namespace speciesnet::cli {

/// Thrown when a command has stopped because of a signal.
struct Interrupted {
    int signal;
};

/// During its lifetime, the first interrupt requests a stop, and the second ends the program at
/// once. A program can have only one at a time.
class InterruptWatch {
public:
    std::stop_token token() const noexcept { return stop_.get_token(); }
    /// Returns the received signal; 0 if there was none.
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
