// SPDX-License-Identifier: Apache-2.0
// The signals are blocked in all threads, so that the thread that waits for them receives them.
#include "stop_signals.hpp"

#include <csignal>
#include <ctime>

namespace server {
namespace {

sigset_t stop_signals() {
    sigset_t signals{};
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    return signals;
}

}  // namespace

StopSignals::StopSignals() {
    const auto signals = stop_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

StopSignals::~StopSignals() = default;

int StopSignals::wait(std::chrono::milliseconds time) {
    const auto signals = stop_signals();
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    const timespec pause{.tv_sec = whole.count(),
                         .tv_nsec = std::chrono::nanoseconds(time - whole).count()};
    const int signal = sigtimedwait(&signals, nullptr, &pause);
    return signal > 0 ? signal : 0;
}

}  // namespace server
