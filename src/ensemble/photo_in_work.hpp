// SPDX-License-Identifier: Apache-2.0
// The state of a photo between the stages.
#pragma once

#include "ensemble/read_ahead.hpp"
#include "preprocess/crop_resize.hpp"
#include "rules/assemble.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace speciesnet {

/// A photo before the first stage.
struct PhotoToDetect {
    SharedInstance instance;
    DecodedInstance photo;
};

/// The results for a photo so far.
struct PhotoInWork {
    SharedInstance instance;
    ComponentResults results;
    /// What to classify: indices into results.classified, each with its crop, or nothing if the box
    /// has no pixels.
    std::vector<std::pair<std::size_t, std::optional<Crop>>> crops;
    std::string failure_reason;
    bool truncated = false;
};

}  // namespace speciesnet
