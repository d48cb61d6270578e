// SPDX-License-Identifier: Apache-2.0
// Selects the detections to classify.
#include "speciesnet/ensemble.hpp"

#include <algorithm>

namespace speciesnet {

std::vector<std::size_t> select_for_classification(std::span<const Detection> detections,
                                                   double threshold,
                                                   std::optional<std::size_t> maximum) {
    std::vector<std::size_t> selected;
    for (std::size_t index = 0; index < detections.size(); ++index) {
        if (detections[index].conf >= threshold) {
            selected.push_back(index);
        }
    }
    if (maximum && selected.size() > *maximum) {
        std::stable_sort(selected.begin(), selected.end(), [&](std::size_t a, std::size_t b) {
            return detections[a].conf > detections[b].conf;
        });
        selected.resize(*maximum);
        std::sort(selected.begin(), selected.end());
    }
    return selected;
}

}  // namespace speciesnet
