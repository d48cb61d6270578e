// SPDX-License-Identifier: Apache-2.0
// Applies decisions about photos before those about repeats.
#include "corrected_results.hpp"

#include "flags/naming_flag.hpp"

namespace speciesnet::cli {

CLI::Option* add_repeats_flag(CLI::App& command, std::string& repeats) {
    return command
        .add_option("--repeats", repeats,
                    "Table of `speciesnet repeats`; detections of suppressed repeats do not count")
        ->type_name("FILE");
}

CorrectedResults::CorrectedResults(const Results& results, const std::filesystem::path& document,
                                   const CorrectionArguments& corrections)
    : results_(results) {
    if (!document.empty()) {
        if (auto reviews = Reviews::read(review_journal_of(document)); !reviews.empty()) {
            reviewed_.emplace(results_, std::move(reviews), corrections.threshold);
        }
    }
    if (!corrections.repeats.empty()) {
        decisions_ =
            naming_flag("--repeats", [&] { return RepeatDecisions::load(corrections.repeats); });
        without_repeats_.emplace(last(), *decisions_);
    }
}

const Results& CorrectedResults::last() const {
    if (without_repeats_) {
        return *without_repeats_;
    }
    return reviewed_ ? static_cast<const Results&>(*reviewed_) : results_;
}

}  // namespace speciesnet::cli
