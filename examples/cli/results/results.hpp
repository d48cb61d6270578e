// SPDX-License-Identifier: Apache-2.0
// Results that are written out: where from is not the formats' business.
#pragma once

#include "speciesnet/json.hpp"
#include "speciesnet/prediction.hpp"

#include <functional>
#include <optional>

namespace speciesnet::cli {

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

    /// How they came about, as far as it is known.
    virtual const std::optional<RunInfo>& run() const = 0;
};

}  // namespace speciesnet::cli
