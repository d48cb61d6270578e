// SPDX-License-Identifier: Apache-2.0
// The console calls its handler on a new thread.
#include "stop_signals.hpp"

#include <atomic>
#include <csignal>

#include <windows.h>

namespace server {
namespace {

/// The received signal; global, because a handler has no argument except the event.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<int> come = 0;

BOOL WINAPI on_event(DWORD event) {
    const bool is_key = event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
    come = is_key ? SIGINT : SIGTERM;
    if (!is_key) {
        // The system ends the program when this function returns, or a few seconds later.
        Sleep(INFINITE);
    }
    return TRUE;
}

}  // namespace

StopSignals::StopSignals() {
    SetConsoleCtrlHandler(on_event, TRUE);
}

StopSignals::~StopSignals() {
    SetConsoleCtrlHandler(on_event, FALSE);
}

int StopSignals::wait(std::chrono::milliseconds time) {
    if (const int signal = come.exchange(0)) {
        return signal;
    }
    Sleep(static_cast<DWORD>(time.count()));
    return come.exchange(0);
}

}  // namespace server
