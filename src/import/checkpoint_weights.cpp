// SPDX-License-Identifier: Apache-2.0
#include "import/checkpoint_weights.hpp"

#include "import/invalid_model.hpp"

#include <utility>

namespace speciesnet {
namespace {

std::uint64_t float_bytes(const TensorView& tensor) {
    std::uint64_t bytes = sizeof(float);
    for (const auto size : tensor.shape) {
        bytes *= static_cast<std::uint64_t>(size);
    }
    return bytes;
}

}  // namespace

std::optional<graph::Weight> CheckpointWeights::find(const TorchModule& module,
                                                     std::string_view name) {
    const auto found = module.tensor(name);
    return found ? std::optional(
                       weight(module.path() + "." + std::string(name), checkpoint_.tensor(*found)))
                 : std::nullopt;
}

graph::Weight CheckpointWeights::get(const TorchModule& module, std::string_view name) {
    auto found = find(module, name);
    if (!found) {
        module.fail("has no " + std::string(name));
    }
    return *std::move(found);
}

graph::Weight CheckpointWeights::weight(std::string_view name, TensorView tensor) {
    if (!is_floating(tensor.type)) {
        invalid_model(printable(name) + " does not hold floating-point numbers");
    }
    bytes_ += float_bytes(tensor);
    if (bytes_ > most_bytes_) {
        invalid_model("the weights would be larger than the file allows");
    }
    constexpr std::size_t longest_name = 200;
    return {std::string(name.substr(0, longest_name)), std::move(tensor)};
}

}  // namespace speciesnet
