// SPDX-License-Identifier: Apache-2.0
// A thread inherits the signal mask of the thread that starts it.
#include "system/signals.hpp"

#include <array>
#include <csignal>

namespace speciesnet {
namespace {

/// Signals that a thread causes by its own instructions. If such a signal is blocked, the kernel
/// ends the process without calling its handler.
constexpr std::array own_faults{SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP};

/// Blocks all signals on the calling thread during its lifetime, except those of the thread's own
/// faults.
class SignalsBlocked {
public:
    SignalsBlocked() {
        sigset_t blocked{};
        sigfillset(&blocked);
        for (const int fault : own_faults) {
            sigdelset(&blocked, fault);
        }
        pthread_sigmask(SIG_SETMASK, &blocked, &before_);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
    sigset_t before_{};
};

}  // namespace

void with_signals_blocked(const std::function<void()>& action) {
    const SignalsBlocked blocked;
    action();
}

}  // namespace speciesnet
