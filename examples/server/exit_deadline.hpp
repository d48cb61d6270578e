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

/// Ends the process at a given time even if threads still run: a thread that decodes, loads a model
/// or writes to a log that nobody reads cannot be stopped, and joining it could block forever.
class ExitDeadline {
public:
    /// Starts the thread that ends the process, so that set() needs no resources.
    /// @throws std::system_error if the thread cannot be started
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
