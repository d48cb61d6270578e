// SPDX-License-Identifier: Apache-2.0
// Converts Ctrl-C and SIGTERM to a request to stop.
#pragma once

#include "file_descriptor.hpp"

#include <atomic>
#include <stop_token>
#include <thread>

namespace speciesnet::cli {

/// A command that was asked to stop by a signal, and has.
struct Interrupted {
    int signal;
};

/// While it lives, the first SIGINT, SIGTERM or SIGHUP asks for a stop; the second ends the program
/// at once. One at a time in a program.
class InterruptWatch {
public:
    InterruptWatch();
    ~InterruptWatch();
    InterruptWatch(const InterruptWatch&) = delete;
    InterruptWatch& operator=(const InterruptWatch&) = delete;

    std::stop_token token() const noexcept { return stop_.get_token(); }
    /// The signal that came; 0 if none did.
    int signal() const noexcept { return signal_; }

private:
    FileDescriptor reading_end_;
    std::stop_source stop_;
    std::atomic<int> signal_ = 0;
    std::thread waiter_;
};

/// Ends the program by a signal, as if it had never been caught: shells then know that their user
/// wants to stop.
[[noreturn]] void end_by_signal(int signal);

}  // namespace speciesnet::cli
