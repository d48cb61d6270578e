// The walk, and what it leaves to LibTorch in front of the plan and behind it.
#include "torchscript/lowering.hpp"

#include "executor/pixelwise.hpp"
#include "torchscript/box_recognition.hpp"
#include "torchscript/graph_lowering.hpp"
#include "torchscript/graph_values.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet {

using executor::Plan;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;

GraphLowering::GraphLowering(std::shared_ptr<Graph> graph, const LoweringOptions& options,
                             Weights weights)
    : options_(options), weights_(weights) {
    if (weights == Weights::left) {
        unchanged_ = graph->copy();
    }
    network_.after = std::move(graph);
}

bool GraphLowering::depends_on_plan(const Value* value) const {
    return tensors_.contains(value) || beyond_.contains(value);
}

const GraphLowering::Tensor* GraphLowering::find(const Value* value) const {
    const auto found = tensors_.find(value);
    return found == tensors_.end() ? nullptr : &found->second;
}

const GraphLowering::Tensor* GraphLowering::picture(const Value* value) const {
    const Tensor* const tensor = find(value);
    return tensor != nullptr && tensor->dimensions == 4 && !tensor->is_padded() ? tensor : nullptr;
}

bool GraphLowering::lower(Node* node) {
    const auto name = operation_of(node);
    if (name.empty() || node->outputs().size() != 1) {
        return false;
    }
    if (const auto convolution = read_convolution(node)) {
        return lower_convolution(node, *convolution);
    }
    if (activation_of(node)) {
        return lower_activation(node);
    }
    if (name == "add") {
        return lower_add(node);
    }
    if (name == "mul") {
        return lower_for_each_channel(node, std::make_unique<executor::ChannelScale>());
    }
    if (name == "cat") {
        return lower_concatenation(node);
    }
    if (name == "max_pool2d") {
        return lower_maximum_pool(node);
    }
    if (name == "upsample_nearest2d") {
        return lower_upsample(node);
    }
    if (name == "linear" || name == "matmul") {
        return lower_linear(node);
    }
    if (name == "mean" || name == "adaptive_avg_pool2d") {
        return lower_mean(node);
    }
    return lower_shape(node, name);
}

void GraphLowering::define(Value* value, std::unique_ptr<executor::Operation> operation,
                           std::vector<Plan::Value> inputs, std::size_t channels,
                           bool is_single_pixel) {
    const auto output = network_.plan.add(std::move(operation), std::move(inputs), channels);
    tensors_[value] = {.value = output, .is_single_pixel = is_single_pixel};
    owned_.push_back(value);
}

std::optional<LoweredNetwork> GraphLowering::lower() && {
    for (Node* const node : network_.after->nodes()) {
        if (fused_.contains(node) || node->kind() == c10::prim::Constant) {
            continue;
        }
        if (!node->blocks().empty()) {
            return std::nullopt;
        }
        if (lower(node)) {
            continue;
        }
        if (writes_to_inputs(*node)) {
            return std::nullopt;
        }
        const auto inputs = node->inputs();
        if (std::any_of(inputs.begin(), inputs.end(),
                        [&](const Value* input) { return depends_on_plan(input); })) {
            for (const Value* const output : node->outputs()) {
                beyond_.insert(output);
            }
        }
    }
    if (network_.plan.steps().empty()) {
        return std::nullopt;
    }
    if (weights_ == Weights::left) {
        split_before();
    } else {
        pack_weights();
    }
    split_after();
    const bool uses_module = (network_.after && network_.after->inputs()[0]->hasUses()) ||
                             (network_.before && network_.before->inputs()[0]->hasUses());
    return uses_module ? std::nullopt : std::optional(std::move(network_));
}
void GraphLowering::split_before() {
    if (std::all_of(sources_.begin(), sources_.end(),
                    [](const Value* source) { return source == nullptr; })) {
        return;
    }
    network_.before = unchanged_;
    auto& graph = *network_.before;
    while (!graph.outputs().empty()) {
        graph.eraseOutput(0);
    }
    // Copies of a graph have their nodes in the same order.
    std::unordered_map<const Node*, Node*> copies;
    auto copy = graph.nodes().begin();
    for (Node* const node : network_.after->nodes()) {
        copies[node] = *copy;
        ++copy;
    }
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        if (sources_[i] != nullptr) {
            network_.sources[i].output = graph.outputs().size();
            graph.registerOutput(copies.at(sources_[i]->node())->output(sources_[i]->offset()));
        }
    }
    remove_unused_nodes(graph);
}

void GraphLowering::split_after() {
    auto& graph = *network_.after;
    const std::size_t own_inputs = graph.inputs().size();
    std::vector<Tensor> tensors;
    for (Value* const value : owned_) {
        tensors.push_back(tensors_.at(value));
        value->replaceAllUsesWith(graph.addInput());
    }
    remove_unused_nodes(graph);
    for (std::size_t i = tensors.size(); i-- > 0;) {
        if (!graph.inputs()[own_inputs + i]->hasUses()) {
            graph.eraseInput(own_inputs + i);
            tensors.erase(tensors.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
    if (weights_ == Weights::taken && end_with_boxes(tensors)) {
        return;
    }
    for (const auto& tensor : tensors) {
        network_.plan.keep(tensor.value);
        network_.results.push_back(tensor.dimensions == 4 ? executor::Axes::picture
                                                          : executor::Axes::channels);
    }
    const bool gives_plan_value = tensors.size() == 1 && graph.outputs().size() == 1 &&
                                  graph.outputs()[0] == graph.inputs()[own_inputs];
    if (gives_plan_value) {
        network_.after = nullptr;
    }
}

bool GraphLowering::end_with_boxes(const std::vector<Tensor>& tensors) {
    std::vector<Plan::Value> values;
    std::vector<std::size_t> channels;
    for (const auto& tensor : tensors) {
        if (tensor.dimensions != 4) {
            return false;
        }
        values.push_back(tensor.value);
        channels.push_back(network_.plan.value(tensor.value).channels);
    }
    auto boxes = recognised_boxes(network_.after, channels, options_.kernels);
    if (!boxes) {
        return false;
    }
    const auto numbers = boxes->channels();
    network_.plan.keep(network_.plan.add(std::move(boxes), std::move(values), numbers));
    network_.results.push_back(executor::Axes::pixels);
    network_.after = nullptr;
    return true;
}

std::optional<LoweredNetwork> lower(const std::shared_ptr<Graph>& frozen,
                                    const LoweringOptions& options,
                                    const std::function<void()>& before_weights_move) {
    if (frozen->inputs().size() != 2) {
        return std::nullopt;
    }
    auto tried = GraphLowering(frozen->copy(), options, Weights::left).lower();
    if (!tried) {
        return std::nullopt;
    }
    // Their constants are of no use any more, and would keep the weights alive.
    auto sources = std::move(tried->sources);
    auto before = std::move(tried->before);
    tried.reset();
    before_weights_move();
    auto network = GraphLowering(frozen, options, Weights::taken).lower();
    network->before = std::move(before);
    network->sources = std::move(sources);
    return network;
}

}  // namespace speciesnet
