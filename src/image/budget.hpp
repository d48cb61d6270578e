// SPDX-License-Identifier: Apache-2.0
// The budget for decoding an image, and the amount used.
#pragma once

#include "speciesnet/media.hpp"

#include <cstdint>
#include <stop_token>
#include <utility>

namespace speciesnet {

/// Upper bounds for decoding an image, derived from its file before decoding.
struct Cost {
    std::uint64_t work = 0;    ///< In the unit of DecodeLimits::max_work.
    std::uint64_t memory = 0;  ///< Bytes, without those of the file.
};

/// Throws InvalidImage (media_too_large) if `cost` exceeds the limits.
void require_within(const DecodeLimits& limits, const Cost& cost);

/// The work of one call of decode(). Decoders count each part before they start it.
class Budget {
public:
    Budget(const DecodeLimits& limits, std::stop_token stop)
        : limits_(limits), stop_(std::move(stop)) {}

    /// Counts work that is about to start.
    /// @return false if it must not start: the budget is used up, or the call was stopped or is
    /// late
    bool may_spend(std::uint64_t work) noexcept;
    /// As may_spend(), but throws as throw_if_over() does.
    void spend(std::uint64_t work);
    /// Throws InvalidImage (media_too_large) if the work exceeded the limits, and Cancelled if the
    /// call was stopped or its deadline has passed.
    void throw_if_over() const;

    std::uint64_t spent() const noexcept { return spent_; }
    const DecodeLimits& limits() const noexcept { return limits_; }

private:
    bool is_cancelled() const noexcept;

    DecodeLimits limits_;
    std::stop_token stop_;
    std::uint64_t spent_ = 0;
};

}  // namespace speciesnet
