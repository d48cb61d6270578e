// SPDX-License-Identifier: Apache-2.0
// A check of `speciesnet doctor`.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace speciesnet::cli {

enum class Verdict {
    fine,
    advice,   ///< Works, but can be improved.
    trouble,  ///< Does not work.
};

struct Check {
    std::string name;  ///< "processor"
    Verdict verdict = Verdict::fine;
    std::string text;  ///< The finding, and what to do about it.
    /// The same for programs, as names and values.
    std::vector<std::pair<std::string, std::string>> facts;
};

}  // namespace speciesnet::cli
