// SPDX-License-Identifier: Apache-2.0
// The console calls its handler on a new thread.
#include "interrupts.hpp"

#include "speciesnet/error.hpp"

#include <csignal>
#include <mutex>
#include <utility>

#include <windows.h>

namespace speciesnet {
namespace {

/// The action for the first event; global, because a handler has no argument except the event.
struct Listener {
    std::mutex mutex;
    std::function<void(int)> came;  ///< Empty without a listener, and after the first event.
};

Listener& listener() {
    static Listener only;
    return only;
}

/// @return whether there was a listener
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
        // If not, the system's own handler ends the program.
        return hand_over(SIGINT) ? TRUE : FALSE;
    }
    if (hand_over(SIGTERM)) {
        // The system ends the program when this function returns, or a few seconds later.
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

// The exit status that the system's own handler uses.
void end_by_signal(int /*signal*/) {
    ExitProcess(static_cast<UINT>(STATUS_CONTROL_C_EXIT));
}

}  // namespace speciesnet
