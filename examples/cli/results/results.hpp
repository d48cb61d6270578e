// SPDX-License-Identifier: Apache-2.0
// The interface of results, independent of their source.
#pragma once

#include "speciesnet/json.hpp"
#include "speciesnet/prediction.hpp"

#include <functional>
#include <optional>
#include <string>

namespace speciesnet::cli {

struct Review;

/// The results of photos, which are too many to be in memory at once. They can be iterated
/// repeatedly, always in the same order.
class Results {
public:
    Results() = default;
    Results(const Results&) = delete;
    Results& operator=(const Results&) = delete;
    virtual ~Results() = default;

    /// @throws IoError, InvalidArgument if they cannot be read; exceptions of `visit`
    virtual void for_each(const std::function<void(const Prediction&)>& visit) const = 0;

    /// Returns a person's decision about a photo, or null. The results already reflect the
    /// decision.
    virtual const Review* review_of(const std::string& /*filepath*/) const { return nullptr; }

    /// Returns information about the run, as far as it is known.
    virtual const std::optional<RunInfo>& run() const = 0;
};

}  // namespace speciesnet::cli
