// One operation of the executor on its own.
#pragma once

#include "executor/operation.hpp"

#include <utility>
#include <vector>

namespace speciesnet::executor {

/// What an operation gives for dense inputs.
inline std::vector<float> run(
    const Operation& operation, const Kernels& table,
    const std::vector<std::pair<PictureSize, std::vector<float>>>& inputs) {
    std::vector<ConstPicture> views;
    std::vector<PictureSize> sizes;
    for (const auto& [size, values] : inputs) {
        views.push_back(picture(values.data(), size, size.channels));
        sizes.push_back(size);
    }
    const auto size = operation.output_size(sizes);
    std::vector<float> output(size.pixels() * size.channels);
    ThreadPool pool(2);
    Memory shared;
    operation.run({table, pool, shared}, views, picture(output.data(), size, size.channels));
    return output;
}

}  // namespace speciesnet::executor
