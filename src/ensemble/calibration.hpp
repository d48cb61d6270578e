// SPDX-License-Identifier: Apache-2.0
// Runs a package's float32 networks on photos to observe the ranges of their feature maps.
#pragma once

#include "speciesnet/compile.hpp"
#include "speciesnet/model.hpp"

#include "executor/observed_ranges.hpp"

#include <span>
#include <string>

namespace speciesnet {

/// The ranges observed in the networks of a package; empty for those that LibTorch runs.
struct Calibration {
    executor::ObservedRanges detector;
    executor::ObservedRanges classifier;
};

/// Runs the detector on photos as Ensemble::predict() does, and the classifier on its detections.
/// @param photos paths, at least one
/// @throws IoError or InvalidImage naming the first photo that cannot be read; errors of loading
/// the networks
Calibration calibrate(const Package& package, std::span<const std::string> photos,
                      const CompileOptions& options);

}  // namespace speciesnet
