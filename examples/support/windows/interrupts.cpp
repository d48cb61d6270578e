// SPDX-License-Identifier: Apache-2.0
// The console calls its handler on a thread that it starts for it.
#include "interrupts.hpp"

#include "speciesnet/error.hpp"

#include <csignal>
#include <mutex>
#include <utility>

#include <windows.h>

namespace speciesnet {
namespace {

/// What is to be done for the first event: handlers get no other argument than the event.
struct Listener {
    std::mutex mutex;
    std::function<void(int)> came;  ///< Empty while nobody listens, and after the first event.
};

Listener& listener() {
    static Listener only;
    return only;
}

/// @return whether somebody was there to hear it
bool hand_over(int signal) {
    const std::lock_guard lock(listener().mutex);
    if (const auto came = std::exchange(listener().came, nullptr)) {
        came(signal);
        return true;
    }
    return false;
}

BOOL WINAPI on_event(DWORD event) {
    if (event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT) {
        // Otherwise the system's own handler ends the program.
        return hand_over(SIGINT) ? TRUE : FALSE;
    }
    if (hand_over(SIGTERM)) {
        // The system ends the program when this function returns, or some seconds later.
        Sleep(INFINITE);
    }
    return FALSE;
}

}  // namespace

class Interrupts::Handlers {
public:
    explicit Handlers(std::function<void(int)> came) {
        {
            const std::lock_guard lock(listener().mutex);
            listener().came = std::move(came);
        }
        if (SetConsoleCtrlHandler(on_event, TRUE) == 0) {
            throw IoError(ErrorCode::io, "cannot listen to the console");
        }
    }
    ~Handlers() {
        SetConsoleCtrlHandler(on_event, FALSE);
        const std::lock_guard lock(listener().mutex);
        listener().came = nullptr;
    }
    Handlers(const Handlers&) = delete;
    Handlers& operator=(const Handlers&) = delete;
};

Interrupts::Interrupts(std::function<void(int)> came)
    : handlers_(std::make_unique<Handlers>(std::move(came))) {}

Interrupts::~Interrupts() = default;

// What the system's own handler ends a program with.
void end_by_signal(int /*signal*/) {
    ExitProcess(static_cast<UINT>(STATUS_CONTROL_C_EXIT));
}

}  // namespace speciesnet
