// SPDX-License-Identifier: Apache-2.0
// The end of a process that does not depend on its threads.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace server {

/// Ends the process at a point in time, whatever its threads are at: one that decodes, loads a
/// model or writes to a log that nobody reads cannot be stopped, and joining it could take for
/// ever.
class ExitDeadline {
public:
    ExitDeadline(std::chrono::steady_clock::time_point when, int exit_code);
    ExitDeadline(const ExitDeadline&) = delete;
    ExitDeadline& operator=(const ExitDeadline&) = delete;

private:
    std::mutex mutex_;
    std::condition_variable_any waiting_;
    std::jthread thread_;
};

}  // namespace server
