// SPDX-License-Identifier: Apache-2.0
// A note is for what is in the results all the same.
#include "failure_report.hpp"

namespace speciesnet::cli {

void FailureReport::add(const Prediction& prediction) {
    ++finished_;
    const bool failed = prediction.failures.any();
    failed_ += failed ? 1 : 0;
    if (failed || !prediction.failure_reason.empty()) {
        display_.message(std::string("speciesnet: ") + (failed ? "failed: " : "note: ") +
                         prediction.filepath + ": " + prediction.failure_reason);
    }
}

}  // namespace speciesnet::cli
