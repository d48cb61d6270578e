// SPDX-License-Identifier: Apache-2.0
// Calibration: observes the ranges of a plan's feature maps while a network runs.
#pragma once

#include "executor/byte_scales.hpp"
#include "executor/picture.hpp"
#include "executor/plan.hpp"

#include <cstddef>
#include <vector>

namespace speciesnet::executor {

/// The ranges of a plan with float32 feature maps. The plans of a network have the same steps for
/// all kernels.
class ObservedRanges {
public:
    /// Observes a feature map, as a PictureReceiver. All calls must pass the same plan.
    void observe(const Plan& plan, std::size_t step, const ConstPicture& output);

    /// Returns the range of the bytes of each buffer's channels.
    /// @param plan a plan of the same network; operations of convolutions may be missing
    /// @throws InvalidArgument if the steps differ, or a value was not finite
    std::vector<std::vector<ByteRange>> byte_ranges(const Plan& plan) const;

private:
    /// Extremes of one step's output, one for each image.
    struct Extremes {
        std::vector<float> least;
        std::vector<float> most;
    };
    static ByteRange usual_range(const Extremes& extremes);

    std::vector<Extremes> steps_;
};

}  // namespace speciesnet::executor
