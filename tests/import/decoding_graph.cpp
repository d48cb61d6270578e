// SPDX-License-Identifier: Apache-2.0
// In a separate file, because LibTorch's headers may define CHECK, as doctest does.
#include "decoding_graph.hpp"

#include "torch_plugin/box_recognition.hpp"

#include <ATen/core/grad_mode.h>
#include <torch/jit.h>

namespace speciesnet {

bool is_decoding(const std::string& source, const std::vector<std::int64_t>& channels) {
    const c10::InferenceMode inference;
    const auto functions = torch::jit::compile(source);
    const auto graph = torch::jit::toGraphFunction(functions->get_function("tail")).graph();
    return recognised_boxes(graph, channels).has_value();
}

}  // namespace speciesnet
