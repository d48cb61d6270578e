// SPDX-License-Identifier: Apache-2.0
// Receives requests to end the server.
#pragma once

#include <chrono>

namespace server {

/// SIGTERM and SIGINT; on Windows Ctrl-C, Ctrl-Break and the end of the console or the session.
/// Must be created before any thread. A program can have only one.
class StopSignals {
public:
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    /// @return the signal's number; 0 if none arrived in that time
    int wait(std::chrono::milliseconds time);
};

}  // namespace server
