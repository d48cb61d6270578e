// SPDX-License-Identifier: Apache-2.0
// A check of `speciesnet doctor`.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace speciesnet::cli {

enum class Verdict {
    fine,
    advice,   ///< Works, but could be better.
    trouble,  ///< Does not work.
};

struct Check {
    std::string name;  ///< "processor"
    Verdict verdict = Verdict::fine;
    std::string text;  ///< What was found, and what to do about it.
    /// The same for programs: name and value.
    std::vector<std::pair<std::string, std::string>> facts;
};

}  // namespace speciesnet::cli
