// SPDX-License-Identifier: Apache-2.0
// Ends the process even if its threads do not.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace server {

/// Ends the process at a point in time, whatever its threads are at: one that decodes, loads a
/// model or writes to a log that nobody reads cannot be stopped, and joining it could take for
/// ever.
class ExitDeadline {
public:
    /// Starts the thread that will end the process, so that set() needs nothing that can be short.
    /// @throws std::system_error if there are no more threads
    ExitDeadline();
    ExitDeadline(const ExitDeadline&) = delete;
    ExitDeadline& operator=(const ExitDeadline&) = delete;

    void set(std::chrono::steady_clock::time_point when, int exit_code) noexcept;

private:
    void wait(const std::stop_token& stop);

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::optional<std::chrono::steady_clock::time_point> when_;
    int exit_code_ = 0;
    std::jthread thread_;
};

}  // namespace server
