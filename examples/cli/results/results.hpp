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

/// The results of some photos, too many to be in memory together. Can be walked through as often as
/// a format needs it, always in the same order.
class Results {
public:
    Results() = default;
    Results(const Results&) = delete;
    Results& operator=(const Results&) = delete;
    virtual ~Results() = default;

    /// @throws IoError, InvalidArgument if they cannot be read; whatever `visit` throws
    virtual void for_each(const std::function<void(const Prediction&)>& visit) const = 0;

    /// What a person has decided about a photo; null if nothing. Its results are as decided.
    virtual const Review* review_of(const std::string& /*filepath*/) const { return nullptr; }

    /// How they came about, as far as it is known.
    virtual const std::optional<RunInfo>& run() const = 0;
};

}  // namespace speciesnet::cli
