// SPDX-License-Identifier: Apache-2.0
// Reports failures as they occur.
#pragma once

#include "speciesnet/prediction.hpp"

#include "terminal/progress_display.hpp"

#include <cstddef>

namespace speciesnet::cli {

/// Counts finished photos. Names on standard error those that failed, are truncated, or have a
/// note, with the reason.
class FailureReport {
public:
    /// @param display must outlive this object; it coordinates its lines with these messages
    explicit FailureReport(ProgressDisplay& display) : display_(display) {}

    void add(const Prediction& prediction);

    std::size_t finished() const noexcept { return finished_; }
    std::size_t failed() const noexcept { return failed_; }
    std::size_t truncated() const noexcept { return truncated_; }

private:
    ProgressDisplay& display_;
    std::size_t finished_ = 0;
    std::size_t failed_ = 0;
    std::size_t truncated_ = 0;
};

}  // namespace speciesnet::cli
