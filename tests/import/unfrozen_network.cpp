// SPDX-License-Identifier: Apache-2.0
// In a separate file, because LibTorch's headers may define CHECK, as doctest does.
#include "unfrozen_network.hpp"

#include <ATen/core/ivalue.h>
#include <torch/script.h>

namespace speciesnet {

FloatArray run_unfrozen(const std::filesystem::path& torchscript, const FloatArray& input) {
    const c10::InferenceMode inference;
    auto module = torch::jit::load(torchscript.string());
    auto values = input.values;
    const auto tensor = torch::from_blob(values.data(), input.shape, torch::kFloat32);
    const auto output = module.forward({tensor}).toTensor().contiguous();
    return {output.sizes().vec(),
            {output.data_ptr<float>(), output.data_ptr<float>() + output.numel()}};
}

}  // namespace speciesnet
