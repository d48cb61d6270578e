// SPDX-License-Identifier: Apache-2.0
// Plans of the layers of the published networks, YOLOv5x6 and EfficientNetV2-M, with random
// weights.
#pragma once

#include "executor/convolution_choice.hpp"
#include "executor/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
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
    executor::Plan plan;
    executor::PictureSize input;
};

/// YOLOv5x6 without the decoding of its boxes.
/// @param factors float32 or bfloat16
RandomNetwork random_detector(const executor::Kernels& kernels, executor::Element factors);

/// EfficientNetV2-M with SpeciesNet's 2,498 labels.
/// @param factors float32 or bfloat16
RandomNetwork random_classifier(const executor::Kernels& kernels, executor::Element factors);

}  // namespace speciesnet::benchmark
