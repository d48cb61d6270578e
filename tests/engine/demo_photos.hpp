// SPDX-License-Identifier: Apache-2.0
// The sample photos that come with the demonstration model.
#pragma once

#include "speciesnet/prediction.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace speciesnet {

/// All sample photos, sorted by name.
inline std::vector<Instance> demo_photos() {
    std::vector<Instance> instances;
    for (const auto& entry : std::filesystem::directory_iterator(SPECIESNET_DEMO "/photos")) {
        if (entry.path().extension() == ".jpg") {
            instances.push_back({entry.path().string(), {}});
        }
    }
    std::sort(instances.begin(), instances.end(),
              [](const Instance& a, const Instance& b) { return a.filepath < b.filepath; });
    return instances;
}

}  // namespace speciesnet
