// SPDX-License-Identifier: Apache-2.0
// Visits the nodes that the output depends on.
#include "torch_plugin/graph_reader.hpp"

#include "torch_plugin/box_tail.hpp"
#include "torch_plugin/jit_values.hpp"
#include "torch_plugin/operation_reader.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace speciesnet {
namespace {

using torch::jit::Node;
using torch::jit::Value;

std::string name_of(const Node* node) {
    return std::string("'") + node->kind().toQualString() + "'";
}

bool writes_to_inputs(const Node* node) {
    const auto* const schema = node->maybeSchema();
    return schema != nullptr && schema->is_mutable();
}

/// Returns the nodes that are required to compute values.
std::unordered_set<const Node*> needed_for(const std::vector<const Value*>& values) {
    std::unordered_set<const Node*> needed;
    auto open = values;
    while (!open.empty()) {
        const Node* const node = open.back()->node();
        open.pop_back();
        if (needed.insert(node).second) {
            open.insert(open.end(), node->inputs().begin(), node->inputs().end());
        }
    }
    return needed;
}

/// Returns the output of a network: a tensor, or the first of several.
const Value* output_of(const torch::jit::Graph& graph) {
    const Value* output = graph.outputs().at(0);
    if (output->node()->kind() == c10::prim::TupleConstruct && !output->node()->inputs().empty()) {
        output = output->node()->input(0);
    }
    return output;
}

}  // namespace

ReadTorchScript read_graph(torch::jit::Graph& frozen) {
    const auto refuse = [](std::string reason) {
        return ReadTorchScript{.graph = std::nullopt, .reason = std::move(reason)};
    };
    if (frozen.inputs().size() != 2 || frozen.inputs()[0]->hasUses()) {
        return refuse("its input is not a single tensor");
    }
    for (const Node* const node : frozen.nodes()) {
        if (writes_to_inputs(node)) {
            return refuse(name_of(node) + " changes a tensor in place");
        }
    }
    const Value* const output = output_of(frozen);
    const auto tail = box_tail(frozen, output);
    const auto ends = tail ? tail->grids : std::vector{output};
    const auto needed = needed_for(ends);
    OperationReader reader(frozen.inputs()[1]);
    for (const Node* const node : frozen.nodes()) {
        // Sizes and lists are read when a tensor needs them.
        if (!needed.contains(node) || node->outputs().size() != 1 ||
            !node->output()->type()->isSubtypeOf(*c10::TensorType::get()) ||
            node->kind() == c10::prim::Constant) {
            continue;
        }
        if (!reader.read(node)) {
            return refuse("the operation " + name_of(node) +
                          " is not supported, or not with such arguments");
        }
    }
    if (!std::ranges::all_of(ends, [&](const Value* end) { return reader.has(end); })) {
        return refuse("its output is not a tensor that it computes");
    }
    return {.graph = std::move(reader).finish(ends, tail ? &tail->boxes : nullptr), .reason = {}};
}

}  // namespace speciesnet
