// SPDX-License-Identifier: Apache-2.0
// The object behind an answer handle: the C++ values, and the structs that C reads.
#pragma once

#include "speciesnet/explanation.hpp"
#include "speciesnet/prediction.hpp"

#include "capi/speciesnet.h"

#include <optional>
#include <string>
#include <vector>

namespace speciesnet::capi {

/// Returns structs whose texts are those of `labels`.
std::vector<speciesnet_scored_label> scored_labels(const std::vector<std::string>& labels,
                                                   const std::vector<double>& scores);

/// An explanation as C structs, whose pointers refer to the C++ value.
class ExplanationView {
public:
    explicit ExplanationView(const Explanation& explanation);

    const speciesnet_explanation& view() const noexcept { return view_; }

private:
    std::vector<speciesnet_scored_label> classes_;
    std::vector<std::vector<speciesnet_rollup_sum>> sums_;  ///< The sums of each step.
    std::vector<speciesnet_rollup_step> steps_;
    speciesnet_explanation view_{};
};

}  // namespace speciesnet::capi

struct speciesnet_answer {
    /// @param reasons nothing if they were not requested
    speciesnet_answer(speciesnet::Answer answer, std::optional<speciesnet::Explanation> reasons);
    speciesnet_answer(const speciesnet_answer&) = delete;
    speciesnet_answer& operator=(const speciesnet_answer&) = delete;

    const speciesnet::Answer value;
    const std::optional<speciesnet::Explanation> explanation;
    std::optional<speciesnet::capi::ExplanationView> view;  ///< Refers to the explanation.
};
