// SPDX-License-Identifier: Apache-2.0
// Limits the rate of requests of each client with a token bucket.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace server {

/// Thread-safe. Memory is bounded: buckets that are full again are removed.
class RateLimiter {
public:
    using Clock = std::chrono::steady_clock;

    /// @param per_minute requests of one client, also the maximum burst; 0 for no limit
    explicit RateLimiter(std::size_t per_minute) : per_minute_(per_minute) {}

    /// Takes a token.
    /// @return nothing if there was one; otherwise how long the client must wait for the next one
    std::optional<std::chrono::seconds> take(const std::string& client,
                                             Clock::time_point now = Clock::now()) {
        return ask(client, 1, now);
    }

    /// Returns what take() would return, without taking a token.
    std::optional<std::chrono::seconds> wait(const std::string& client,
                                             Clock::time_point now = Clock::now()) {
        return ask(client, 0, now);
    }

    /// Returns the number of stored clients.
    std::size_t clients() const;

private:
    struct Bucket {
        double tokens;
        Clock::time_point filled;
    };
    std::optional<std::chrono::seconds> ask(const std::string& client, double tokens_to_take,
                                            Clock::time_point now);
    void fill(Bucket& bucket, Clock::time_point now) const;
    void forget_full_buckets(Clock::time_point now);

    const std::size_t per_minute_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Bucket> buckets_;
    std::size_t forget_at_ = 1024;
};

}  // namespace server
