// SPDX-License-Identifier: Apache-2.0
// The last convolutions are those with a path to the output that passes no other convolution.
#include "torch_plugin/box_tail.hpp"

#include "torch_plugin/box_recognition.hpp"
#include "torch_plugin/jit_values.hpp"

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <ATen/ATen.h>

namespace speciesnet {
namespace {

using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;

struct Cut {
    std::unordered_set<const Node*> before;  ///< The last convolutions.
    std::unordered_set<const Node*> behind;
};

/// @return nothing if the output depends on the graph's inputs through a path without convolutions
std::optional<Cut> cut_behind_convolutions(const Graph& frozen, const Value* output) {
    Cut cut;
    std::vector<const Value*> open{output};
    while (!open.empty()) {
        const Node* const node = open.back()->node();
        open.pop_back();
        if (node == frozen.param_node()) {
            return std::nullopt;
        }
        if (is_convolution(node)) {
            cut.before.insert(node);
        } else if (cut.behind.insert(node).second) {
            open.insert(open.end(), node->inputs().begin(), node->inputs().end());
        }
    }
    return cut;
}

}  // namespace

std::optional<BoxTail> box_tail(Graph& frozen, const Value* output) {
    const auto cut = cut_behind_convolutions(frozen, output);
    if (!cut) {
        return std::nullopt;
    }
    const auto tail = std::make_shared<Graph>();
    std::unordered_map<const Value*, Value*> copies;
    BoxTail result;
    std::vector<std::int64_t> channels;
    for (Node* const node : frozen.nodes()) {
        if (cut->before.contains(node)) {
            const auto weights = constant_tensor(node->input(1));
            if (!weights || weights->dim() != 4) {
                return std::nullopt;
            }
            channels.push_back(weights->size(0));
            result.grids.push_back(node->output());
            copies[node->output()] = tail->addInput();
        } else if (cut->behind.contains(node)) {
            if (!node->blocks().empty()) {
                return std::nullopt;
            }
            Node* const copy = tail->insertNode(
                tail->createClone(node, [&](Value* value) { return copies.at(value); }));
            for (std::size_t i = 0; i < node->outputs().size(); ++i) {
                copies[node->output(i)] = copy->output(i);
            }
        }
    }
    tail->registerOutput(copies.at(output));
    auto boxes = recognised_boxes(tail, channels);
    if (!boxes) {
        return std::nullopt;
    }
    result.boxes = std::move(*boxes);
    return result;
}

}  // namespace speciesnet
