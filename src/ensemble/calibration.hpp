// SPDX-License-Identifier: Apache-2.0
// Runs a package's float32 networks over photos to see the ranges of their feature maps.
#pragma once

#include "speciesnet/compile.hpp"
#include "speciesnet/model.hpp"

#include "executor/observed_ranges.hpp"

#include <span>
#include <string>

namespace speciesnet {

/// What was seen in the networks of a package; empty where LibTorch runs one.
struct Calibration {
    executor::ObservedRanges detector;
    executor::ObservedRanges classifier;
};

/// Photos go through the detector as Ensemble::predict() sends them, and what it finds through the
/// classifier.
/// @param photos their paths, at least one
/// @throws IoError or InvalidImage for the first photo that cannot be read, naming it; what loading
/// the networks throws
Calibration calibrate(const Package& package, std::span<const std::string> photos,
                      const CompileOptions& options);

}  // namespace speciesnet
