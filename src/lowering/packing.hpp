// SPDX-License-Identifier: Apache-2.0
// Chooses the kernels of a convolution and packs its weights.
#pragma once

#include "executor/kernels.hpp"
#include "executor/plan.hpp"
#include "lowering/lowering.hpp"
#include "lowering/unpacked_convolution.hpp"

#include <cstddef>
#include <vector>

namespace speciesnet::lowering {

/// A convolution and its step of the plan.
struct PlannedConvolution {
    std::size_t step = 0;
    UnpackedConvolution convolution;
    Precision precision = Precision::float32;
};

/// Supplies the plan with the operations of convolutions. Uses threads, because this takes most of
/// the time of a lowering.
void pack(std::vector<PlannedConvolution> convolutions, const Options& options,
          executor::Plan& plan);

}  // namespace speciesnet::lowering
