// SPDX-License-Identifier: Apache-2.0
// Handles Ctrl-C, and other requests of the operating system to end.
#pragma once

#include <functional>
#include <memory>

namespace speciesnet {

/// During its lifetime, passes the first SIGINT, SIGTERM or SIGHUP to a function; the second one
/// ends the program at once. On Windows, Ctrl-C and Ctrl-Break count as SIGINT, and closing the
/// console's window as SIGTERM. A program can have only one at a time.
class Interrupts {
public:
    /// @param came receives the signal's number, on another thread @throws IoError
    explicit Interrupts(std::function<void(int signal)> came);
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

private:
    class Handlers;
    std::unique_ptr<Handlers> handlers_;
};

/// Ends the program with a signal, as if it were not handled, so that shells recognise that their
/// user wants to stop.
[[noreturn]] void end_by_signal(int signal);

}  // namespace speciesnet
