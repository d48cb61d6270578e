// SPDX-License-Identifier: Apache-2.0
// Computes tokens on demand, without a background thread.
#include "rate_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace server {
namespace {

constexpr double seconds_per_minute = 60;

}  // namespace

void RateLimiter::fill(Bucket& bucket, Clock::time_point now) const {
    const std::chrono::duration<double> passed = now - bucket.filled;
    const auto most = static_cast<double>(per_minute_);
    bucket.tokens = std::min(most, bucket.tokens + passed.count() * most / seconds_per_minute);
    bucket.filled = now;
}

void RateLimiter::forget_full_buckets(Clock::time_point now) {
    for (auto& [client, bucket] : buckets_) {
        fill(bucket, now);
    }
    std::erase_if(buckets_, [this](const auto& entry) {
        return entry.second.tokens >= static_cast<double>(per_minute_);
    });
    // Checking all buckets on each request would cost more than the memory that it saves.
    forget_at_ = std::max<std::size_t>(1024, 2 * buckets_.size());
}

std::optional<std::chrono::seconds> RateLimiter::ask(const std::string& client,
                                                     double tokens_to_take, Clock::time_point now) {
    if (per_minute_ == 0) {
        return std::nullopt;
    }
    const std::lock_guard lock(mutex_);
    if (buckets_.size() >= forget_at_) {
        forget_full_buckets(now);
    }
    auto& bucket =
        buckets_.try_emplace(client, Bucket{static_cast<double>(per_minute_), now}).first->second;
    fill(bucket, now);
    if (bucket.tokens >= 1) {
        bucket.tokens -= tokens_to_take;
        return std::nullopt;
    }
    const double missing =
        (1 - bucket.tokens) * seconds_per_minute / static_cast<double>(per_minute_);
    return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(missing)));
}

std::size_t RateLimiter::clients() const {
    const std::lock_guard lock(mutex_);
    return buckets_.size();
}

}  // namespace server
