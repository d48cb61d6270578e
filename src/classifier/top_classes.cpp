// SPDX-License-Identifier: Apache-2.0
// Sums exponentials in double precision, because the order of a single-precision sum would change
// the last digits.
#include "classifier/top_classes.hpp"

#include <algorithm>
#include <cmath>

namespace speciesnet {

std::vector<ScoredClass> top_classes(std::span<const float> logits,
                                     std::optional<std::size_t> top) {
    std::vector<ScoredClass> classes;
    if (logits.empty()) {
        return classes;
    }
    const double largest = *std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (const float logit : logits) {
        sum += std::exp(logit - largest);
    }
    classes.reserve(logits.size());
    for (std::size_t index = 0; index < logits.size(); ++index) {
        classes.push_back(
            {.index = index, .score = static_cast<float>(std::exp(logits[index] - largest) / sum)});
    }
    const std::size_t count = std::min(top.value_or(classes.size()), classes.size());
    std::partial_sort(classes.begin(), classes.begin() + static_cast<std::ptrdiff_t>(count),
                      classes.end(), [](const ScoredClass& a, const ScoredClass& b) {
                          return a.score != b.score ? a.score > b.score : a.index < b.index;
                      });
    classes.resize(count);
    return classes;
}

}  // namespace speciesnet
