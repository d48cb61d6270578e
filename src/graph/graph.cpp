// SPDX-License-Identifier: Apache-2.0
#include "graph/graph.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace speciesnet::graph {
namespace {

struct InputCount {
    std::size_t least = 1;
    std::size_t most = 1;
};

InputCount input_count(const Operation& operation) {
    constexpr std::size_t any = std::numeric_limits<std::size_t>::max();
    if (std::holds_alternative<Constant>(operation)) {
        return {0, 0};
    }
    if (std::holds_alternative<MatrixProduct>(operation) ||
        std::holds_alternative<Arithmetic>(operation)) {
        return {2, 2};
    }
    if (std::holds_alternative<Concatenation>(operation)) {
        return {1, any};
    }
    if (const auto* boxes = std::get_if<YoloBoxes>(&operation)) {
        return {boxes->grids.size(), boxes->grids.size()};
    }
    if (const auto* boxes = std::get_if<DistanceBoxes>(&operation)) {
        return {2 * boxes->strides.size(), 2 * boxes->strides.size()};
    }
    return {};
}

}  // namespace

Graph::Graph() {
    nodes_.push_back({Input{}, {}});
}

Value Graph::add(Operation operation, std::vector<Value> inputs) {
    if (std::holds_alternative<Input>(operation)) {
        throw InvalidArgument("a graph needs exactly one input");
    }
    const auto [least, most] = input_count(operation);
    if (inputs.size() < least || inputs.size() > most) {
        throw InvalidArgument("an operation of a graph has " + std::to_string(inputs.size()) +
                              " inputs, which is too few or too many");
    }
    if (std::any_of(inputs.begin(), inputs.end(),
                    [&](Value value) { return value >= nodes_.size(); })) {
        throw InvalidArgument(
            "an operation of a graph uses an input that is not computed before it");
    }
    nodes_.push_back({std::move(operation), std::move(inputs)});
    return static_cast<Value>(nodes_.size() - 1);
}

void Graph::set_output(Value value) {
    if (value >= nodes_.size()) {
        throw InvalidArgument("the output of a graph is not one of its nodes");
    }
    output_ = value;
}

}  // namespace speciesnet::graph
