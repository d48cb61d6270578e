// SPDX-License-Identifier: Apache-2.0
// Calibration: the ranges of a plan's feature maps, seen while a network runs.
#pragma once

#include "executor/byte_scales.hpp"
#include "executor/picture.hpp"
#include "executor/plan.hpp"

#include <cstddef>
#include <vector>

namespace speciesnet::executor {

/// Of a plan with float32 feature maps. The plans of one network have the same steps, whatever
/// kernels they are for.
class ObservedRanges {
public:
    /// A PictureReceiver. All calls must be for the same plan.
    void observe(const Plan& plan, std::size_t step, const ConstPicture& output);

    /// What bytes of each buffer's channels are to stand for.
    /// @param plan of the same network; operations of convolutions may be missing
    /// @throws InvalidArgument if it has other steps, or if numbers were not finite
    std::vector<std::vector<ByteRange>> byte_ranges(const Plan& plan) const;

private:
    /// Of one step's output, in each image.
    struct Extremes {
        std::vector<float> least;
        std::vector<float> most;
    };
    static ByteRange usual_range(const Extremes& extremes);

    std::vector<Extremes> steps_;
};

}  // namespace speciesnet::executor
