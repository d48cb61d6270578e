// SPDX-License-Identifier: Apache-2.0
// Projects the results for detections to one answer for each image.
#include "speciesnet/rules.hpp"

#include <algorithm>

namespace speciesnet {

const ClassifiedDetection* image_answer(const Prediction& prediction) noexcept {
    if (!prediction.detections) {
        return nullptr;
    }
    const auto& detections = *prediction.detections;
    const auto found =
        std::find_if(detections.begin(), detections.end(),
                     [](const ClassifiedDetection& entry) { return entry.answer.has_value(); });
    return found == detections.end() ? nullptr : &*found;
}

}  // namespace speciesnet
