// SPDX-License-Identifier: Apache-2.0
// Notes are for problems that do not prevent a result.
#include "failure_report.hpp"

#include "results/photo_answers.hpp"

namespace speciesnet::cli {

void FailureReport::add(const Prediction& prediction) {
    ++finished_;
    const bool failed = prediction.failures.any();
    failed_ += failed ? 1 : 0;
    const auto say = [&](const char* kind, std::string_view what) {
        display_.message(std::string("speciesnet: ") + kind + ": " + prediction.filepath + ": " +
                         std::string(what));
    };
    if (failed || !prediction.failure_reason.empty()) {
        say(failed ? "failed" : "note", prediction.failure_reason);
    }
    if (prediction.truncated) {
        ++truncated_;
        say("note", truncated_text);
    }
}

}  // namespace speciesnet::cli
