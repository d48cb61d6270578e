// SPDX-License-Identifier: Apache-2.0
// Processes one prediction at a time.
#include "reviewed_results.hpp"

namespace speciesnet::cli {

void ReviewedResults::for_each(const std::function<void(const Prediction&)>& visit) const {
    results_.for_each([&](const Prediction& prediction) {
        const auto* const review = reviews_.find(prediction.filepath);
        if (review == nullptr) {
            visit(prediction);
        } else {
            visit(reviewed(prediction, *review, threshold_));
        }
    });
}

}  // namespace speciesnet::cli
