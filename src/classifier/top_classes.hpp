// SPDX-License-Identifier: Apache-2.0
// Softmax and the best classes.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace speciesnet {

/// A class and its probability.
struct ScoredClass {
    std::size_t index;
    float score;
};

/// Returns the softmax of logits, highest first. Equal values keep the order of the logits.
/// @param top maximum number of classes to return; nothing for all
std::vector<ScoredClass> top_classes(std::span<const float> logits, std::optional<std::size_t> top);

}  // namespace speciesnet
