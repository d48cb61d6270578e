// SPDX-License-Identifier: Apache-2.0
// Plans of the layers of the published networks, YOLOv5x6 and EfficientNetV2-M, with random
// weights.
#pragma once

#include "executor/kernels.hpp"
#include "executor/picture.hpp"
#include "executor/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace speciesnet::benchmark {

/// Values from -1 to 1 that are the same in each run of the program.
class RandomNumbers {
public:
    std::vector<float> next(std::size_t count, float scale);

private:
    std::uint32_t state_ = 1;
};

/// A network of random weights, and the size of one image for it.
struct RandomNetwork {
    const executor::KernelSet& kernels;
    executor::Plan plan;
    executor::PictureSize input;
};

/// The arguments of random_network(), for usage texts.
inline constexpr const char* network_arguments =
    "detector|classifier KERNELS float32|bfloat16|int8|calibrated";

/// Creates a network from arguments of a command line: YOLOv5x6 without the decoding of its boxes,
/// or EfficientNetV2-M with SpeciesNet's 2,498 labels; the name of a kernel set; and the factors of
/// convolutions. "calibrated" is int8 with ranges that were observed on one random image.
/// @param arguments these three
/// @return nothing if an argument has another value, or the CPU lacks the kernels
std::optional<RandomNetwork> random_network(std::span<char* const, 3> arguments);

}  // namespace speciesnet::benchmark
