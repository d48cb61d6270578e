// SPDX-License-Identifier: Apache-2.0
// Finds repeats in results. Source of the method and its defaults: the repeat detection elimination
// of the MegaDetector tools (megadetector 10, repeat_detections_core.py).
#pragma once

#include "speciesnet/prediction.hpp"

#include "box_grid.hpp"
#include "repeat.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace speciesnet::cli {

struct RepeatOptions {
    double tolerance = 0.9;  ///< Minimum intersection over union.
    std::size_t least = 20;  ///< Minimum number of detections of a repeat.
    double threshold = 0.1;  ///< Minimum confidence of a detection.
    double greatest_area =
        0.2;  ///< Maximum area of a box; animals that rest near the camera have larger ones.
};

/// A repeat, and photos with it.
struct FoundRepeat {
    struct Example {
        std::string filepath;
        BoundingBox bbox;
    };

    Repeat repeat;
    std::vector<Example>
        examples;  ///< Spread over its photos; at most RepeatFinder::most_examples.
};

/// Collects the detections of photos.
class RepeatFinder {
public:
    static constexpr std::size_t most_examples = 12;

    explicit RepeatFinder(const RepeatOptions& options) : options_(options) {}

    /// @param folder of the photo's camera
    void add(const std::string& folder, const Prediction& prediction);

    /// Returns repeats by folder, then by descending number of detections.
    std::vector<FoundRepeat> take() const;

private:
    struct Camera {
        explicit Camera(double tolerance) : grid(tolerance) {}
        BoxGrid grid;
        std::vector<FoundRepeat> candidates;  ///< One for each box in the grid.
    };

    RepeatOptions options_;
    std::map<std::string, Camera> cameras_;
};

}  // namespace speciesnet::cli
