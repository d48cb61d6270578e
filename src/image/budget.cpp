// SPDX-License-Identifier: Apache-2.0
// Limits work, memory and time.
#include "budget.hpp"

#include "speciesnet/error.hpp"

#include <string>

namespace speciesnet {
namespace {

[[noreturn]] void refuse(const char* what, std::uint64_t needed, std::uint64_t limit) {
    throw InvalidImage(ErrorCode::media_too_large, "decoding takes " + std::to_string(needed) +
                                                       what + ", more than the limit of " +
                                                       std::to_string(limit));
}

[[noreturn]] void refuse_work(std::uint64_t needed, std::uint64_t limit) {
    refuse(" units of work", needed, limit);
}

}  // namespace

void require_within(const DecodeLimits& limits, const Cost& cost) {
    if (cost.work > limits.max_work) {
        refuse_work(cost.work, limits.max_work);
    }
    if (cost.memory > limits.max_memory) {
        refuse(" bytes of memory", cost.memory, limits.max_memory);
    }
}

bool Budget::may_spend(std::uint64_t work) noexcept {
    spent_ += work;
    return spent_ <= limits_.max_work && !is_cancelled();
}

void Budget::spend(std::uint64_t work) {
    if (!may_spend(work)) {
        throw_if_over();
    }
}

void Budget::throw_if_over() const {
    if (spent_ > limits_.max_work) {
        refuse_work(spent_, limits_.max_work);
    }
    if (is_cancelled()) {
        throw Cancelled();
    }
}

bool Budget::is_cancelled() const noexcept {
    return stop_.stop_requested() ||
           (limits_.deadline && std::chrono::steady_clock::now() >= *limits_.deadline);
}

}  // namespace speciesnet
