// SPDX-License-Identifier: Apache-2.0
// The budget for decoding one image, and the amount used.
#pragma once

#include "speciesnet/media.hpp"

#include <cstdint>
#include <stop_token>
#include <utility>

namespace speciesnet {

/// What decoding an image takes at most, as its file says before anything is decoded.
struct Cost {
    std::uint64_t work = 0;    ///< In the unit of DecodeLimits::max_work.
    std::uint64_t memory = 0;  ///< Bytes, beside those of the file.
};

/// Throws InvalidImage (media_too_large) if `cost` is more than the limits allow.
void require_within(const DecodeLimits& limits, const Cost& cost);

/// The work of one call of decode(). Decoders count each part before they do it.
class Budget {
public:
    Budget(const DecodeLimits& limits, std::stop_token stop)
        : limits_(limits), stop_(std::move(stop)) {}

    /// Counts work that is about to be done.
    /// @return false if it must not be: too much, stopped, or too late
    bool may_spend(std::uint64_t work) noexcept;
    /// The same. Throws as throw_if_over() does.
    void spend(std::uint64_t work);
    /// Throws InvalidImage (media_too_large) if there was more work than the limits allow,
    /// Cancelled if the call was stopped or its deadline has passed.
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
