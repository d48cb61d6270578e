// SPDX-License-Identifier: Apache-2.0
// Fuzzes lowering::lower(). Input: bytes that select the nodes of a graph, at most 16 of them.
// Checks that the plan computes what an interpreter of the graph computes, or that the graph is
// refused with a reason and keeps its nodes.
#include "lowering/lowering.hpp"

#include "speciesnet/error.hpp"

#include "fuzz/agreement.hpp"
#include "graph/dump.hpp"
#include "graph_interpreter.hpp"
#include "unit/network_plan_fixtures.hpp"
#include "unit/random_tensors.hpp"
#include "unit/run_network_plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <exception>
#include <optional>
#include <vector>

namespace {

using namespace speciesnet;
using graph::Value;

/// More expensive plans are not run, to keep the fuzzer fast.
constexpr double most_cost = 3e5;
constexpr std::size_t most_nodes = 16;

/// Turns bytes into choices; after the last byte, every choice is 0.
class Choices {
public:
    Choices(const std::uint8_t* data, std::size_t size) : data_(data), end_(data + size) {}

    bool is_at_end() const { return data_ == end_; }
    std::int64_t below(std::int64_t end) { return is_at_end() ? 0 : *data_++ % end; }
    std::int64_t between(std::int64_t first, std::int64_t last) {
        return first + below(last - first + 1);
    }

private:
    const std::uint8_t* data_;
    const std::uint8_t* end_;
};

class GraphMaker {
public:
    explicit GraphMaker(Choices& choices) : choices_(choices) {}

    graph::Graph make() && {
        add_beginning();
        while (!choices_.is_at_end() && graph_.nodes().size() < most_nodes) {
            add_node();
        }
        graph_.set_output(static_cast<Value>(graph_.nodes().size() - 1));
        return std::move(graph_);
    }

private:
    /// Returns one of the last three values in most cases, so that graphs become deep.
    Value value() {
        const auto count = static_cast<std::int64_t>(values_.size());
        const auto back = choices_.below(8) == 7 ? choices_.below(count)
                                                 : choices_.below(std::min<std::int64_t>(count, 3));
        return values_[static_cast<std::size_t>(count - 1 - back)];
    }
    graph::Weight weight(const std::vector<std::int64_t>& shape) {
        return random_weight(shape, seed_++, 0.5F);
    }
    std::int64_t channels() { return choices_.below(4) == 3 ? choices_.between(1, 6) : 3; }
    graph::Pair pair(std::int64_t least, std::int64_t most) {
        const auto rows = choices_.between(least, most);
        return {rows, choices_.below(4) == 0 ? choices_.between(least, most) : rows};
    }
    std::int64_t axis() { return choices_.between(-4, 3); }

    void add_node() {
        switch (choices_.below(23)) {
            case 0:
            case 1:
            case 2:
                return add_convolution();
            case 3:
                return add_norm();
            case 4: {
                const auto inputs = channels();
                const auto outputs = channels();
                add(graph::Linear{.weights = weight({outputs, inputs}),
                                  .bias = choices_.below(2) == 0 ? std::optional(weight({outputs}))
                                                                 : std::nullopt},
                    1);
                return;
            }
            case 5:
                values_.push_back(add_constant());
                return;
            case 6:
                return add(graph::MatrixProduct{}, {value(), add_constant()});
            case 7:
            case 8:
            case 9:
                return add_arithmetic();
            case 10:
                return add(graph::Activation{.kind = static_cast<graph::Activation::Kind>(
                                                 choices_.below(5)),
                                             .negative_slope = 0.1},
                           1);
            case 11:
                return add(graph::Concatenation{.axis = axis()},
                           static_cast<std::size_t>(choices_.between(1, 4)));
            case 12:
                return add(graph::MaximumPool{.kernel = pair(1, 3),
                                              .stride = pair(1, 2),
                                              .padding = pair(0, 1),
                                              .dilation = {}},
                           1);
            case 13:
                return add(
                    graph::NearestUpsample{
                        .row_factor = static_cast<double>(choices_.between(1, 2)),
                        .column_factor = static_cast<double>(choices_.between(1, 2))},
                    1);
            case 14:
                return add(graph::Pad{.left = choices_.between(-1, 2),
                                      .right = choices_.between(0, 2),
                                      .top = choices_.between(0, 1),
                                      .bottom = choices_.between(0, 1),
                                      .value = choices_.below(8) == 7 ? 1.0 : 0.0},
                           1);
            case 15:
                return add(
                    graph::Mean{.axes = choices_.below(2) == 0 ? std::vector<std::int64_t>{2, 3}
                                                               : std::vector{axis(), axis()},
                                .keeps_axes = choices_.below(2) == 0},
                    1);
            case 16:
                return add_permutation();
            case 17:
                return add_shape();
            case 18:
                return add(
                    graph::Slice{.axis = axis(),
                                 .start = choices_.below(2),
                                 .end = choices_.below(2) == 1 ? std::optional(choices_.below(5))
                                                               : std::nullopt,
                                 .step = choices_.between(1, 2)},
                    1);
            case 19:
                return add(
                    graph::AveragePool{
                        .kernel = pair(1, 3), .stride = pair(1, 2), .padding = pair(0, 1)},
                    1);
            case 20:
                return add(graph::Attention{.heads = choices_.between(1, 2),
                                            .key_channels = 1,
                                            .value_channels = choices_.between(1, 2),
                                            .scale = 0.5},
                           1);
            case 21:
                return add(
                    graph::DistanceBoxes{
                        .strides = {2},
                        .bins = std::vector<float>(static_cast<std::size_t>(choices_.between(1, 2)),
                                                   1.5F),
                        .classes = choices_.between(2, 3)},
                    2);
            default:
                return add_boxes();
        }
    }

    void add(graph::Operation operation, std::vector<Value> inputs) {
        values_.push_back(graph_.add(std::move(operation), std::move(inputs)));
    }
    void add(graph::Operation operation, std::size_t inputs) {
        std::vector<Value> values;
        for (std::size_t i = 0; i < inputs; ++i) {
            values.push_back(value());
        }
        add(std::move(operation), std::move(values));
    }

    /// Adds a permutation, arithmetic or slices in some cases, and a first convolution in most.
    void add_beginning() {
        switch (choices_.below(4)) {
            case 1:
                add_arithmetic();
                [[fallthrough]];
            case 2:
                add(graph::Permute{.axes = {0, 3, 1, 2}}, 1);
                break;
            case 3:
                return add_slices();
            default:
                break;
        }
        if (choices_.below(8) != 7) {
            add(graph::Convolution{.weights = weight({3, 3, 3, 3}),
                                   .bias = {},
                                   .stride = {},
                                   .padding = pair(0, 1),
                                   .dilation = {}},
                1);
        }
    }

    void add_slices() {
        std::vector<Value> cells;
        const auto input = values_.back();
        for (const std::int64_t row : {0, 1}) {
            for (const std::int64_t column : {0, 1}) {
                const auto rows = graph_.add(
                    graph::Slice{.axis = 2, .start = row, .end = {}, .step = 2}, {input});
                cells.push_back(graph_.add(
                    graph::Slice{.axis = 3, .start = column, .end = {}, .step = 2}, {rows}));
            }
        }
        std::swap(cells[0], cells[static_cast<std::size_t>(choices_.below(4))]);
        add(graph::Concatenation{}, std::move(cells));
        add(graph::Convolution{.weights = weight({3, 12, 3, 3}),
                               .bias = {},
                               .stride = {},
                               .padding = pair(0, 1),
                               .dilation = {}},
            1);
    }

    void add_arithmetic() {
        const graph::Arithmetic arithmetic{
            .kind = static_cast<graph::Arithmetic::Kind>(choices_.below(4))};
        if (choices_.below(2) == 0) {
            return add(arithmetic, 2);
        }
        std::vector<Value> operands{value(), add_constant()};
        if (choices_.below(3) == 0) {
            std::swap(operands[0], operands[1]);
        }
        add(arithmetic, std::move(operands));
    }

    void add_convolution() {
        const auto kernel = pair(1, 3);
        const auto outputs = channels();
        const auto groups = choices_.below(4) == 0 ? outputs : choices_.between(1, 2);
        add(graph::Convolution{.weights = weight({outputs, groups == outputs ? 1 : channels(),
                                                  kernel.rows, kernel.columns}),
                               .bias = choices_.below(2) == 0 ? std::optional(weight({outputs}))
                                                              : std::nullopt,
                               .stride = pair(1, 2),
                               .padding = pair(0, 1),
                               .dilation = pair(1, choices_.below(4) == 0 ? 2 : 1),
                               .groups = groups},
            1);
    }

    void add_norm() {
        const auto count = channels();
        auto variance = executor::numbers(static_cast<std::size_t>(count), seed_++);
        for (auto& number : variance) {
            number = number * number + 0.5F;
        }
        const bool is_affine = choices_.below(4) != 0;
        add(graph::BatchNorm{.scale = is_affine ? std::optional(weight({count})) : std::nullopt,
                             .shift = is_affine ? std::optional(weight({count})) : std::nullopt,
                             .mean = weight({count}),
                             .variance = speciesnet::weight(std::move(variance), {count}),
                             .epsilon = 1e-3},
            1);
    }

    Value add_constant() {
        const auto count = channels();
        const std::array<std::vector<std::int64_t>, 7> shapes{
            {{}, {}, {1}, {count}, {1, count, 1, 1}, {1, 1, 1, count}, {count, channels()}}};
        auto constant = weight(shapes.at(static_cast<std::size_t>(choices_.below(shapes.size()))));
        return graph_.add(graph::Constant{std::move(constant)}, {});
    }

    void add_permutation() {
        constexpr std::size_t axes = 4;
        std::vector<std::int64_t> permutation{0, 2, 3, 1};
        switch (choices_.below(4)) {
            case 0:
                break;
            case 1:
                permutation = {0, 3, 1, 2};
                break;
            default:
                permutation = {0, 1, 2, 3};
                for (std::size_t i = 0; i + 1 < axes; ++i) {
                    std::swap(permutation[i],
                              permutation[i + static_cast<std::size_t>(choices_.below(
                                                  static_cast<std::int64_t>(axes - i)))]);
                }
        }
        add(graph::Permute{.axes = permutation}, 1);
    }

    void add_shape() {
        switch (choices_.below(3)) {
            case 0:
                return add(graph::Squeeze{.axis = axis()}, 1);
            case 1:
                return add(graph::Unsqueeze{.axis = axis()}, 1);
            default:
                break;
        }
        std::vector<std::int64_t> sizes;
        for (auto count = choices_.between(1, 4); count > 0; --count) {
            constexpr std::array<std::int64_t, 5> likely{-1, 0, 1, 3, 2};
            sizes.push_back(likely.at(static_cast<std::size_t>(choices_.below(likely.size()))));
        }
        add(graph::Reshape{.sizes = std::move(sizes)}, 1);
    }

    void add_boxes() {
        graph::YoloBoxes boxes{.grids = {}, .box_channels = choices_.between(4, 6)};
        for (auto count = choices_.between(1, 2); count > 0; --count) {
            boxes.grids.push_back({.stride = 2, .anchors = {{3, 4}}});
            if (choices_.below(4) == 0) {
                boxes.grids.back().anchors.push_back({5, 1});
            }
        }
        const auto inputs = boxes.grids.size();
        add(std::move(boxes), inputs);
    }

    Choices& choices_;
    graph::Graph graph_;
    std::vector<Value> values_{graph::Graph::input};  ///< The candidates for inputs.
    std::uint32_t seed_ = 1;
};

/// Returns the output of the plan; nothing if it refuses the input or is too expensive.
std::optional<TestTensor> computed(const executor::NetworkPlan& network,
                                   const executor::Kernels& kernels, const TestTensor& input) {
    try {
        const auto size = input_size(input.shape, network.channels_first);
        if (cost_of(network.plan, size) > most_cost) {
            return std::nullopt;
        }
        return run(network, kernels, input);
    } catch (const InvalidArgument&) {
        return std::nullopt;
    }
}

void check(const graph::Graph& graph, const executor::Kernels& kernels) {
    auto copy = graph;
    const auto lowered = lowering::lower(std::move(copy), {.kernels = kernels});
    if (!lowered.plan) {
        fuzz::require(!lowered.reason.empty(), "a refused graph has a reason");
        fuzz::require(graph::dump(copy) == graph::dump(graph), "a refused graph stays unchanged");
        return;
    }
    const auto channels =
        static_cast<std::int64_t>(lowered.plan->plan.inputs().front().layout.channels);
    const TestTensor input =
        random_tensor(lowered.plan->channels_first ? std::vector<std::int64_t>{2, channels, 6, 8}
                                                   : std::vector<std::int64_t>{2, 6, 8, channels});
    const auto actual = computed(*lowered.plan, kernels, input);
    if (!actual) {
        return;
    }
    const auto expected = interpret(graph, input);
    fuzz::require(actual->shape == expected.shape, "the output has the graph's shape");
    float largest = 1;
    for (const float value : expected.values) {
        largest = std::max(largest, std::abs(value));
    }
    constexpr float most = 1e6F;
    if (!(largest < most)) {
        return;  // Rounding errors would exceed the tolerance.
    }
    for (std::size_t i = 0; i < expected.values.size(); ++i) {
        const float difference = std::abs(actual->values[i] - expected.values[i]);
        fuzz::require(!(difference > largest * 1e-3F), "the output has the graph's values");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Choices choices(data, size);
    const auto graph = GraphMaker(choices).make();
    check(graph, executor::kernel_sets().front().table());
    return 0;
}
