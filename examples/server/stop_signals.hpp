// SPDX-License-Identifier: Apache-2.0
// What asks the server to end.
#pragma once

#include <chrono>

namespace server {

/// SIGTERM and SIGINT; on Windows Ctrl-C, Ctrl-Break and the end of the console or the session. To
/// be made before any thread. One in a program.
class StopSignals {
public:
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    /// @return the signal's number; 0 if none came in that time
    int wait(std::chrono::milliseconds time);
};

}  // namespace server
