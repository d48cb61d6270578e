// SPDX-License-Identifier: Apache-2.0
// Implements exponential back-off that can be interrupted.
#include "download/retries.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace speciesnet {
namespace {

constexpr std::chrono::milliseconds first_delay{500};
constexpr std::chrono::milliseconds longest_delay{60'000};
constexpr std::chrono::seconds longest_wish{600};

}  // namespace

std::chrono::milliseconds retry_delay(int failures, std::chrono::seconds retry_after) {
    auto delay = first_delay;
    for (int failure = 1; failure < failures && delay < longest_delay; ++failure) {
        delay *= 2;
    }
    return std::max<std::chrono::milliseconds>(std::min(delay, longest_delay), retry_after);
}

Retries::Retries(int allowed, std::stop_token stop) : allowed_(allowed), stop_(std::move(stop)) {}

void Retries::wait_after(const TransientFailure& failure) {
    if (++failures_ > allowed_ || failure.retry_after() > longest_wish) {
        throw IoError(ErrorCode::io, failure.what());
    }
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never_notified;
    never_notified.wait_for(lock, stop_, retry_delay(failures_, failure.retry_after()),
                            [] { return false; });
    if (stop_.stop_requested()) {
        throw Cancelled();
    }
}

}  // namespace speciesnet
