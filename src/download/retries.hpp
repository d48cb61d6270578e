// SPDX-License-Identifier: Apache-2.0
// Retries operations that may succeed later.
#pragma once

#include "speciesnet/error.hpp"

#include <chrono>
#include <stop_token>
#include <string>

namespace speciesnet {

/// A failure of the network or of a busy server.
class TransientFailure : public IoError {
public:
    /// @param retry_after pause that the server requests; 0 if none
    explicit TransientFailure(const std::string& message, std::chrono::seconds retry_after = {})
        : IoError(ErrorCode::io, message), retry_after_(retry_after) {}

    std::chrono::seconds retry_after() const noexcept { return retry_after_; }

private:
    std::chrono::seconds retry_after_;
};

/// Returns the pause after this number of consecutive failures (1 or more): half a second, doubled
/// each time, at most a minute; more if the server requests it.
std::chrono::milliseconds retry_delay(int failures, std::chrono::seconds retry_after);

/// Counts the failures of one task.
class Retries {
public:
    Retries(int allowed, std::stop_token stop);

    /// Waits until the task may be retried.
    /// @throws IoError if it has failed too often or the server requests more than ten minutes;
    /// Cancelled
    void wait_after(const TransientFailure& failure);

    /// Resets the number of failures, because the task made progress.
    void progressed() noexcept { failures_ = 0; }

private:
    int allowed_;
    int failures_ = 0;
    std::stop_token stop_;
};

}  // namespace speciesnet
