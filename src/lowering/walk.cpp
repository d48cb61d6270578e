// SPDX-License-Identifier: Apache-2.0
// The walk, and code that all rules share.
#include "lowering/walk.hpp"

#include "lowering/refusal.hpp"
#include "lowering/weights.hpp"

#include <utility>

namespace speciesnet::lowering {
namespace {

/// Returns "node 12" and the name of its weight, by which people find it in the network.
std::string description(const graph::Graph& graph, graph::Value node) {
    const auto& operation = graph.nodes()[node].operation;
    std::string text = "node " + std::to_string(node);
    const auto* convolution = std::get_if<graph::Convolution>(&operation);
    const auto* linear = std::get_if<graph::Linear>(&operation);
    if (convolution != nullptr || linear != nullptr) {
        text += " (" + (convolution != nullptr ? convolution->weights : linear->weights).name + ")";
    }
    return text;
}

}  // namespace

Walk::Walk(const graph::Graph& graph, const Options& options)
    : graph_(graph),
      options_(options),
      uses_(graph),
      plan_(walked_.network.plan),
      known_(graph.nodes().size()),
      fused_(graph.nodes().size()) {}

Walked Walk::walk() && {
    const auto count = static_cast<graph::Value>(graph_.nodes().size());
    // Constants are set first, because a convolution looks at the nodes that follow it.
    for (graph::Value value = 0; value < count; ++value) {
        if (const auto* constant = operation<graph::Constant>(value)) {
            known_[value] = &constant->value.tensor;
        }
    }
    for (graph::Value value = 0; value < count; ++value) {
        if (!uses_.is_needed(value) || fused_[value]) {
            continue;
        }
        try {
            lower(value);
        } catch (const Refusal& refusal) {
            refuse(description(graph_, value) + " " + refusal.what());
        }
    }
    finish();
    return std::move(walked_);
}

void Walk::lower(graph::Value value) {
    std::visit([&](const auto& operation) { lower(value, operation); }, node(value).operation);
}

const Walk::Tensor& Walk::tensor(graph::Value value) const {
    if (find<Constant>(value) != nullptr) {
        refuse("takes a constant where the executor takes none");
    }
    const auto* const tensor = find<Tensor>(value);
    if (tensor == nullptr) {
        refuse("takes the network's input, which the executor only supports before a convolution");
    }
    if (tensor->is_padded()) {
        refuse("takes a padded feature map, which the executor only supports before a convolution");
    }
    return *tensor;
}

std::size_t Walk::channels(const Tensor& tensor) const {
    return plan_.value(tensor.value).channels;
}

graph::Value Walk::other_input(graph::Value node, graph::Value input) const {
    const auto& inputs = this->node(node).inputs;
    return inputs[0] == input ? inputs[1] : inputs[0];
}

void Walk::define(graph::Value value, const Tensor& like,
                  std::unique_ptr<executor::Operation> operation, std::vector<PlanValue> inputs,
                  std::size_t channels) {
    Tensor result = like;
    result.value = plan_.add(std::move(operation), std::move(inputs), channels);
    result.padding = {};
    known_[value] = result;
}

void Walk::finish() {
    const auto* const output = find<Tensor>(graph_.output());
    if (output == nullptr || !input_) {
        refuse("the network has no convolution between its input and its output");
    }
    auto& axes = walked_.network.output;
    if (output->axes == 3 && output->channel_axis == 2 && !output->is_single_pixel) {
        axes = executor::Axes::pixels;  // Only boxes have such axes.
    } else if (output->axes == 4 && output->channel_axis == 1) {
        axes = executor::Axes::picture;
    } else if (output->axes == 2 && output->channel_axis == 1) {
        axes = executor::Axes::channels;
    } else {
        refuse("the network's output has axes in an order that the executor does not support");
    }
    if (output->is_padded()) {
        refuse("the network's output is padded");
    }
    plan_.keep(output->value);
    walked_.network.channels_first = input_->channels_first;
}

}  // namespace speciesnet::lowering
