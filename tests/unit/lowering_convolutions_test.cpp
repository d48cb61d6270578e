// SPDX-License-Identifier: Apache-2.0
// Lowering of convolutions, and of operations that are merged into them.
#include "executor/convolution.hpp"
#include "lowering_fixtures.hpp"

#include <bit>
#include <cstring>
#include <memory>
#include <string>

using namespace speciesnet;
using graph::Activation;
using graph::Arithmetic;
using graph::Graph;

namespace {

graph::Convolution convolution(std::int64_t inputs, std::int64_t outputs, std::int64_t kernel,
                               std::uint32_t seed) {
    return {.weights = random_weight({outputs, inputs, kernel, kernel}, seed, 0.3F),
            .bias = random_weight({outputs}, seed + 1),
            .stride = {},
            .padding = {kernel / 2, kernel / 2},
            .dilation = {}};
}

graph::Convolution depthwise(std::int64_t channels, std::uint32_t seed) {
    auto result = convolution(1, channels, 3, seed);
    result.groups = channels;
    return result;
}

graph::BatchNorm batch_norm(std::int64_t channels, std::uint32_t seed) {
    auto variance = executor::numbers(static_cast<std::size_t>(channels), seed);
    for (auto& value : variance) {
        value = value * value + 0.1F;
    }
    return {.scale = random_weight({channels}, seed + 1),
            .shift = random_weight({channels}, seed + 2),
            .mean = random_weight({channels}, seed + 3),
            .variance = weight(std::move(variance), {channels}),
            .epsilon = 1e-3};
}

/// A graph that begins with a convolution of 3 to 12 channels.
struct Started {
    Graph graph;
    graph::Value value = graph.add(convolution(3, 12, 3, 1), {Graph::input});

    Graph ending_with(graph::Value output) && {
        graph.set_output(output);
        return std::move(graph);
    }
};

graph::Value constant(Graph& graph, std::vector<float> values, std::vector<std::int64_t> shape) {
    return graph.add(graph::Constant{weight(std::move(values), std::move(shape))}, {});
}

}  // namespace

TEST_CASE("convolutions of all shapes become the executor's") {
    SUBCASE("the first of a network, whose input is merged") {
        for (const std::int64_t kernel : {1, 2, 3, 6}) {
            Graph graph;
            graph.set_output(graph.add(convolution(3, 5, kernel, 7), {Graph::input}));
            check_lowering(graph, {2, 3, 8, 11}, 1);
        }
    }
    SUBCASE("one of many channels, which is not") {
        Graph graph;
        graph.set_output(graph.add(convolution(40, 33, 3, 7), {Graph::input}));
        check_lowering(graph, {1, 40, 5, 6}, 1, 1e-5);
    }
    SUBCASE("stride, dilation, and padding of two sizes") {
        Graph graph;
        auto wide = convolution(3, 8, 3, 3);
        wide.stride = {2, 3};
        wide.padding = {0, 2};
        const auto first = graph.add(wide, {Graph::input});
        auto dilated = convolution(8, 8, 3, 5);
        dilated.dilation = {2, 1};
        dilated.padding = {2, 1};
        graph.set_output(graph.add(dilated, {first}));
        check_lowering(graph, {1, 3, 12, 14}, 2);
    }
    SUBCASE("without a bias") {
        Graph graph;
        auto plain = convolution(3, 8, 3, 3);
        plain.bias.reset();
        graph.set_output(graph.add(plain, {Graph::input}));
        check_lowering(graph, {1, 3, 6, 6}, 1);
    }
    SUBCASE("one kernel for each channel") {
        Started started;
        const auto second = started.graph.add(depthwise(12, 5), {started.value});
        check_lowering(std::move(started).ending_with(second), {2, 3, 7, 9}, 2);
    }
    SUBCASE("one kernel for each channel of the input") {
        Graph graph;
        graph.set_output(graph.add(depthwise(3, 5), {Graph::input}));
        check_lowering(graph, {2, 3, 7, 9}, 1);
    }
    SUBCASE("Winograd's method") {
        Graph graph;
        const auto first = graph.add(convolution(3, 64, 1, 3), {Graph::input});
        graph.set_output(graph.add(convolution(64, 64, 3, 5), {first}));
        check_lowering(graph, {1, 3, 9, 10}, 2, 3e-5);
    }
}

TEST_CASE("linear operations after a convolution are folded into it") {
    SUBCASE("BatchNorm") {
        for (const bool is_depthwise : {false, true}) {
            Started started;
            const auto second = started.graph.add(
                is_depthwise ? depthwise(12, 5) : convolution(12, 12, 3, 5), {started.value});
            const auto norm = started.graph.add(batch_norm(12, 20), {second});
            const auto activated =
                started.graph.add(Activation{.kind = Activation::Kind::silu}, {norm});
            check_lowering(std::move(started).ending_with(activated), {1, 3, 6, 7}, 2, 1e-5);
        }
    }
    SUBCASE("BatchNorm without a scale and a shift") {
        Started started;
        auto norm = batch_norm(12, 20);
        norm.scale.reset();
        norm.shift.reset();
        const auto value = started.graph.add(norm, {started.value});
        check_lowering(std::move(started).ending_with(value), {1, 3, 6, 7}, 1, 1e-5);
    }
    SUBCASE("constants, one for each channel or one for all, from either side") {
        using Kind = Arithmetic::Kind;
        for (const auto kind : {Kind::add, Kind::subtract, Kind::multiply, Kind::divide}) {
            for (const bool is_scalar : {false, true}) {
                Started started;
                auto& graph = started.graph;
                auto numbers = executor::numbers(12, 6);
                for (auto& number : numbers) {
                    number += 2;
                }
                const auto operand = is_scalar ? constant(graph, {1.7F}, {})
                                               : constant(graph, numbers, {1, 12, 1, 1});
                const auto value = graph.add(Arithmetic{.kind = kind}, {started.value, operand});
                const auto norm = graph.add(batch_norm(12, 8), {value});
                check_lowering(std::move(started).ending_with(norm), {1, 3, 6, 7}, 1, 1e-5);
            }
        }
        Started started;
        auto& graph = started.graph;
        const auto factor = constant(graph, executor::numbers(12, 6), {12, 1, 1});
        const auto product = graph.add(Arithmetic{.kind = Kind::multiply}, {factor, started.value});
        const auto term = constant(graph, executor::numbers(12, 7), {12, 1, 1});
        const auto sum = graph.add(Arithmetic{.kind = Kind::add}, {term, product});
        check_lowering(std::move(started).ending_with(sum), {1, 3, 6, 7}, 1);
    }
    SUBCASE("in single precision, as the reference multiplies constants that stand alone") {
        // Each product is inexact: 0.1 · 0.1 in float32, then · 3 in float32.
        Graph graph;
        auto one = graph::Convolution{.weights = weight({0.1F}, {1, 1, 1, 1})};
        one.padding = {0, 0};
        auto value = graph.add(one, {Graph::input});
        for (const float factor : {0.1F, 3.3F, 1.7F}) {
            const auto operand = constant(graph, {factor}, {});
            value = graph.add(Arithmetic{.kind = Arithmetic::Kind::multiply}, {value, operand});
        }
        graph.set_output(value);
        const float expected = 0.1F * 0.1F * 3.3F * 1.7F;
        for (const auto* const set : executor::float32_kernel_sets()) {
            const auto& kernels = set->table();
            auto copy = graph;
            const auto lowered = lowering::lower(std::move(copy), {.kernels = kernels});
            REQUIRE(lowered.plan.has_value());
            CHECK(run(*lowered.plan, kernels, {{1, 1, 1, 1}, {1.0F}}).values.front() == expected);
        }
    }
    SUBCASE("but not if something else looks at the value in between") {
        Started started;
        auto& graph = started.graph;
        const auto norm = graph.add(batch_norm(12, 20), {started.value});
        const auto both = graph.add(graph::Concatenation{}, {started.value, norm});
        check_lowering(std::move(started).ending_with(both), {1, 3, 6, 7}, 2, 1e-5);
    }
    SUBCASE("and what stands elsewhere is an operation of its own") {
        using Kind = Arithmetic::Kind;
        for (const auto kind : {Kind::add, Kind::subtract, Kind::multiply, Kind::divide}) {
            for (const bool is_reversed : {false, true}) {
                if (is_reversed && kind == Kind::divide) {
                    continue;
                }
                Started started;
                auto& graph = started.graph;
                const auto pooled = graph.add(
                    graph::MaximumPool{.kernel = {2, 2}, .stride = {2, 2}}, {started.value});
                const auto operand = constant(graph, executor::numbers(12, 6), {1, 12, 1, 1});
                const auto value =
                    graph.add(Arithmetic{.kind = kind}, is_reversed ? std::vector{operand, pooled}
                                                                    : std::vector{pooled, operand});
                check_lowering(std::move(started).ending_with(value), {1, 3, 6, 7}, 3, 1e-5);
            }
        }
    }
}

TEST_CASE("activations and residuals are merged into the preceding convolution") {
    SUBCASE("activations") {
        for (const auto kind :
             {Activation::Kind::relu, Activation::Kind::sigmoid, Activation::Kind::silu}) {
            Started started;
            const auto value = started.graph.add(Activation{.kind = kind}, {started.value});
            check_lowering(std::move(started).ending_with(value), {1, 3, 6, 7}, 1);
        }
    }
    SUBCASE("x · sigmoid(x), in either order") {
        for (const bool is_reversed : {false, true}) {
            Started started;
            auto& graph = started.graph;
            const auto sigmoid =
                graph.add(Activation{.kind = Activation::Kind::sigmoid}, {started.value});
            const auto product = graph.add(Arithmetic{.kind = Arithmetic::Kind::multiply},
                                           is_reversed ? std::vector{sigmoid, started.value}
                                                       : std::vector{started.value, sigmoid});
            check_lowering(std::move(started).ending_with(product), {1, 3, 6, 7}, 1);
        }
    }
    SUBCASE("a residual, before and after") {
        Started started;
        auto& graph = started.graph;
        const auto second = graph.add(convolution(12, 12, 3, 5), {started.value});
        const auto activated = graph.add(Activation{.kind = Activation::Kind::silu}, {second});
        const auto sum = graph.add(Arithmetic{}, {started.value, activated});
        // This one comes second: the first sum is unknown when its convolution is lowered.
        const auto third = graph.add(depthwise(12, 9), {sum});
        const auto fourth = graph.add(convolution(12, 12, 1, 11), {sum});
        const auto last = graph.add(Arithmetic{}, {third, fourth});
        check_lowering(std::move(started).ending_with(last), {1, 3, 6, 7}, 4, 1e-5);
    }
    SUBCASE("what is added to itself is no residual") {
        Started started;
        const auto sum = started.graph.add(Arithmetic{}, {started.value, started.value});
        check_lowering(std::move(started).ending_with(sum), {1, 3, 6, 7}, 2);
    }
}

TEST_CASE("padding is merged into the following convolution") {
    for (const bool is_first : {false, true}) {
        Graph graph;
        graph::Value value = Graph::input;
        if (!is_first) {
            value = graph.add(convolution(3, 3, 3, 3), {value});
        }
        value = graph.add(graph::Pad{.left = 1, .right = 2, .top = 0, .bottom = 3}, {value});
        auto plain = convolution(3, 8, 3, 5);
        plain.padding = {0, 1};
        plain.stride = {2, 2};
        graph.set_output(graph.add(plain, {value}));
        check_lowering(graph, {1, 3, 8, 9}, is_first ? 1 : 2);
    }
}

TEST_CASE("products with matrices are convolutions of one pixel") {
    for (const bool is_linear : {true, false}) {
        Started started;
        auto& graph = started.graph;
        auto value = graph.add(graph::Mean{.axes = {2, 3}, .keeps_axes = false}, {started.value});
        if (is_linear) {
            value = graph.add(graph::Linear{.weights = random_weight({20, 12}, 5),
                                            .bias = random_weight({20}, 6)},
                              {value});
        } else {
            const auto matrix = graph.add(graph::Constant{random_weight({12, 20}, 5)}, {});
            value = graph.add(graph::MatrixProduct{}, {value, matrix});
            const auto bias = graph.add(graph::Constant{random_weight({20}, 6)}, {});
            value = graph.add(Arithmetic{}, {value, bias});
        }
        value = graph.add(Activation{.kind = Activation::Kind::relu}, {value});
        check_lowering(std::move(started).ending_with(value), {3, 3, 6, 7}, 3, 1e-5);
    }
}

TEST_CASE("weights of other types, and in another order, are converted") {
    const auto values = executor::numbers(12 * 3, 4);
    const auto check = [&](ElementType type, const std::string& bytes) {
        Graph graph;
        auto one = convolution(3, 12, 1, 1);
        one.weights.tensor.type = type;
        one.weights.tensor.bytes = bytes;
        graph.set_output(graph.add(one, {Graph::input}));
        check_lowering(graph, {1, 3, 4, 5}, 1);
    };
    std::string bytes;
    const auto append = [&](const auto& number) {
        bytes.append(reinterpret_cast<const char*>(&number), sizeof(number));
    };
    SUBCASE("float64") {
        for (const float value : values) {
            append(static_cast<double>(value) * 1.000000001);
        }
        check(ElementType::float64, bytes);
    }
    SUBCASE("bfloat16") {
        for (const float value : values) {
            append(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16U));
        }
        check(ElementType::bfloat16, bytes);
    }
    SUBCASE("float16, among them 0, the smallest and the largest") {
        std::uint16_t bits = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            append(bits);
            bits = static_cast<std::uint16_t>(bits == 0 ? 1 : bits * 5 + 3);
            bits = (bits & 0x7C00U) > 0x4400U ? static_cast<std::uint16_t>(bits & 0x83FFU) : bits;
        }
        check(ElementType::float16, bytes);
    }
    SUBCASE("not aligned") {
        bytes = " ";
        for (const float value : values) {
            append(value);
        }
        Graph graph;
        auto one = convolution(3, 12, 1, 1);
        one.weights.tensor.bytes = std::string_view(bytes).substr(1);
        graph.set_output(graph.add(one, {Graph::input}));
        check_lowering(graph, {1, 3, 4, 5}, 1);
    }
    SUBCASE("transposed") {
        Graph graph;
        auto one = convolution(3, 12, 1, 1);
        one.weights.tensor.strides = {1, 12, 1, 1};
        graph.set_output(graph.add(one, {Graph::input}));
        check_lowering(graph, {1, 3, 4, 5}, 1);
    }
}

TEST_CASE("weights are released when they are packed, and only those of the graph") {
    Graph graph;
    auto first = convolution(3, 12, 3, 1);
    auto second = convolution(12, 12, 1, 3);
    const std::vector<std::string_view> expected{first.weights.tensor.bytes,
                                                 second.weights.tensor.bytes};
    const auto value = graph.add(first, {Graph::input});
    graph.set_output(graph.add(second, {value}));
    std::weak_ptr<const void> owner = second.weights.tensor.owner;
    std::vector<std::string_view> released;
    first = {};
    second = {};
    const auto lowered = lowering::lower(
        std::move(graph), {.kernels = executor::kernel_sets().front().table(),
                           .release = [&](std::string_view bytes) { released.push_back(bytes); }});
    REQUIRE(lowered.plan.has_value());
    REQUIRE(released.size() == 2);
    CHECK(released[0].data() == expected[0].data());
    CHECK(released[0].size() == expected[0].size());
    CHECK(released[1].data() == expected[1].data());
    CHECK(owner.expired());
}

TEST_CASE("grouped convolutions read only the channels of their group") {
    for (const std::int64_t groups : {2, 3, 4}) {
        Started started;
        auto grouped = convolution(12 / groups, 24, 3, 5);
        grouped.groups = groups;
        const auto value = started.graph.add(grouped, {started.value});
        check_lowering(std::move(started).ending_with(value), {1, 3, 7, 6}, 2, 1e-5);
    }
}

TEST_CASE("convolutions that the executor does not support are named") {
    const auto reason = [](const auto& operation) {
        Started started;
        const auto value = started.graph.add(operation, {started.value});
        return reason_against(std::move(started).ending_with(value));
    };
    auto grouped = convolution(1, 24, 3, 5);
    grouped.groups = 12;
    CHECK(reason(grouped).starts_with("node 2 (weight) is a convolution of 12 groups"));
    auto uneven = convolution(6, 13, 3, 5);
    uneven.groups = 2;
    CHECK(reason(uneven).starts_with("node 2 (weight) is a convolution of 2 groups"));
    auto narrow = convolution(5, 12, 3, 5);
    narrow.groups = 2;
    CHECK(reason(narrow).find("a different number of channels") != std::string::npos);
    CHECK(reason(convolution(11, 12, 3, 5)).find("a different number of channels") !=
          std::string::npos);
    auto biased = convolution(12, 12, 3, 5);
    biased.bias = random_weight({11}, 1);
    CHECK(reason(biased).find("bias and weights of different sizes") != std::string::npos);
    auto still = convolution(12, 12, 3, 5);
    still.stride = {0, 1};
    CHECK(reason(still).find("out of range") != std::string::npos);
    auto wide = convolution(12, 12, 3, 5);
    wide.padding = {std::int64_t{1} << 40U, 1};
    CHECK(reason(wide).find("out of range") != std::string::npos);
    auto negative = convolution(12, 12, 3, 5);
    negative.padding = {-1, 1};
    CHECK(reason(negative).find("out of range") != std::string::npos);
    CHECK(reason(graph::Linear{.weights = random_weight({4, 12}, 1)}).find("one pixel") !=
          std::string::npos);
    CHECK(reason(graph::Pad{.value = 1}).find("other than zero") != std::string::npos);
    CHECK(reason(graph::Pad{.left = -1}).find("out of range") != std::string::npos);
    auto norm = batch_norm(12, 5);
    norm.mean = random_weight({11}, 1);
    CHECK(reason(norm).find("a different number of channels") != std::string::npos);
}

TEST_CASE("weights that extend beyond their bytes are refused") {
    const auto reason = [](const auto& change) {
        Graph graph;
        auto one = convolution(3, 12, 3, 1);
        change(one.weights.tensor);
        graph.set_output(graph.add(one, {Graph::input}));
        return reason_against(std::move(graph));
    };
    CHECK(reason([](TensorView& view) { view.shape[0] = 13; }).find("ends early") !=
          std::string::npos);
    CHECK(reason([](TensorView& view) { view.strides[2] = 400; }).find("ends early") !=
          std::string::npos);
    CHECK(reason([](TensorView& view) {
              view.strides[0] = std::int64_t{1} << 62U;
          }).find("ends early") != std::string::npos);
    CHECK(reason([](TensorView& view) { view.shape[1] = 0; }).find("empty") != std::string::npos);
    CHECK(reason([](TensorView& view) {
              view.shape[0] = std::int64_t{1} << 62U;
          }).find("too large") != std::string::npos);
    CHECK(reason([](TensorView& view) {
              view.shape[0] = 100'000;
              view.strides = {0, 0, 0, 0};
          }).find("repeats") != std::string::npos);
    CHECK(reason([](TensorView& view) { view.strides.pop_back(); }).find("axes") !=
          std::string::npos);
    CHECK(reason([](TensorView& view) { view.type = ElementType::int32; }).find("floating") !=
          std::string::npos);
    CHECK(reason([](TensorView& view) { view.bytes = {}; }).find("ends early") !=
          std::string::npos);
}
