// SPDX-License-Identifier: Apache-2.0
// Ctrl-C, and other requests of the operating system to end.
#pragma once

#include <functional>
#include <memory>

namespace speciesnet {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP is handed over; the second ends the program
/// at once. Windows' consoles have Ctrl-C and Ctrl-Break (SIGINT), and their window is closed
/// (SIGTERM). One at a time in a program.
class Interrupts {
public:
    /// @param came gets the signal's number, on another thread @throws IoError
    explicit Interrupts(std::function<void(int signal)> came);
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

private:
    class Handlers;
    std::unique_ptr<Handlers> handlers_;
};

/// Ends the program by a signal, as if it had never been caught: shells then know that their user
/// wants to stop.
[[noreturn]] void end_by_signal(int signal);

}  // namespace speciesnet
