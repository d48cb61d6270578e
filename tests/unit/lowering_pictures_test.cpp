// SPDX-License-Identifier: Apache-2.0
// Operations on feature maps, changes of axes, and the network's input and output.
#include "lowering_fixtures.hpp"

#include <string>

using namespace speciesnet;
using graph::Activation;
using graph::Arithmetic;
using graph::Graph;
using graph::Value;

namespace {

Value first_convolution(Graph& graph, Value input, std::int64_t outputs = 12,
                        std::uint32_t seed = 1) {
    return graph.add(graph::Convolution{.weights = random_weight({outputs, 3, 3, 3}, seed, 0.3F),
                                        .bias = random_weight({outputs}, seed + 1),
                                        .stride = {},
                                        .padding = {1, 1},
                                        .dilation = {}},
                     {input});
}

Value scalar(Graph& graph, float value) {
    return graph.add(graph::Constant{weight({value}, {})}, {});
}

/// Adds operations to the result of a convolution with 12 channels.
template <typename Rest>
Graph convolution_and(const Rest& rest) {
    Graph graph;
    const auto first = first_convolution(graph, Graph::input);
    graph.set_output(rest(graph, first));
    return graph;
}

Value pixel_of(Graph& graph, Value picture) {
    return graph.add(graph::Mean{.axes = {2, 3}}, {picture});
}

}  // namespace

TEST_CASE("operations on feature maps become the executor's") {
    SUBCASE("activations that follow no convolution") {
        for (const auto kind :
             {Activation::Kind::relu, Activation::Kind::sigmoid, Activation::Kind::silu}) {
            check_lowering(convolution_and([&](Graph& graph, Value x) {
                               const auto activated = graph.add(Activation{.kind = kind}, {x});
                               return graph.add(graph::Concatenation{}, {x, activated});
                           }),
                           {1, 3, 5, 6}, 2);
        }
    }
    SUBCASE("activations that no convolution has") {
        for (const auto kind : {Activation::Kind::hardswish, Activation::Kind::leaky_relu}) {
            check_lowering(
                convolution_and([&](Graph& graph, Value x) {
                    const auto large = graph.add(Arithmetic{.kind = Arithmetic::Kind::multiply},
                                                 {x, scalar(graph, 4)});
                    return graph.add(Activation{.kind = kind, .negative_slope = 0.1}, {large});
                }),
                {2, 3, 5, 6}, 2);
        }
    }
    SUBCASE("x · sigmoid(x) that follows no convolution") {
        check_lowering(convolution_and([](Graph& graph, Value x) {
                           const auto sigmoid =
                               graph.add(Activation{.kind = Activation::Kind::sigmoid}, {x});
                           const auto silu = graph.add(
                               Arithmetic{.kind = Arithmetic::Kind::multiply}, {x, sigmoid});
                           return graph.add(graph::Concatenation{}, {x, silu});
                       }),
                       {1, 3, 5, 6}, 2);
    }
    SUBCASE("concatenation, also of what is a part of another one already") {
        check_lowering(
            convolution_and([](Graph& graph, Value x) {
                const auto pooled = graph.add(
                    graph::MaximumPool{.kernel = {3, 3}, .stride = {1, 1}, .padding = {1, 1}}, {x});
                const auto both = graph.add(graph::Concatenation{.axis = -3}, {x, pooled});
                return graph.add(graph::Concatenation{.axis = 1}, {pooled, both, x});
            }),
            {2, 3, 5, 6}, 4);
    }
    SUBCASE("maximum pools") {
        check_lowering(
            convolution_and([](Graph& graph, Value x) {
                return graph.add(
                    graph::MaximumPool{.kernel = {3, 2}, .stride = {2, 1}, .padding = {1, 0}}, {x});
            }),
            {1, 3, 7, 6}, 2);
    }
    SUBCASE("average pools") {
        check_lowering(
            convolution_and([](Graph& graph, Value x) {
                return graph.add(
                    graph::AveragePool{.kernel = {3, 2}, .stride = {2, 1}, .padding = {1, 0}}, {x});
            }),
            {2, 3, 7, 6}, 2);
    }
    SUBCASE("enlargement") {
        check_lowering(convolution_and([](Graph& graph, Value x) {
                           return graph.add(
                               graph::NearestUpsample{.row_factor = 2, .column_factor = 3}, {x});
                       }),
                       {1, 3, 4, 5}, 2);
    }
    SUBCASE("a factor, and a term, for each channel") {
        for (const auto kind : {Arithmetic::Kind::multiply, Arithmetic::Kind::add}) {
            for (const bool is_reversed : {false, true}) {
                check_lowering(convolution_and([&](Graph& graph, Value x) {
                                   const auto pixel = pixel_of(graph, x);
                                   return graph.add(
                                       Arithmetic{.kind = kind},
                                       is_reversed ? std::vector{pixel, x} : std::vector{x, pixel});
                               }),
                               {2, 3, 5, 6}, 3);
            }
        }
    }
    SUBCASE("the sum of two feature maps") {
        check_lowering(
            convolution_and([](Graph& graph, Value x) {
                const auto pooled = graph.add(
                    graph::MaximumPool{.kernel = {3, 3}, .stride = {1, 1}, .padding = {1, 1}}, {x});
                return graph.add(Arithmetic{}, {pooled, x});
            }),
            {1, 3, 5, 6}, 3);
    }
}

TEST_CASE("a single pixel keeps its values, whatever its axes") {
    const auto check = [](const auto& rest) {
        check_lowering(
            convolution_and([&](Graph& graph, Value x) { return rest(graph, pixel_of(graph, x)); }),
            {2, 3, 5, 6}, 2);
    };
    check([](Graph&, Value x) { return x; });
    check([](Graph& graph, Value x) {
        return graph.add(graph::Squeeze{.axis = -1}, {graph.add(graph::Squeeze{.axis = 2}, {x})});
    });
    check([](Graph& graph, Value x) { return graph.add(graph::Reshape{.sizes = {-1, 12}}, {x}); });
    check([](Graph& graph, Value x) { return graph.add(graph::Reshape{.sizes = {0, -1}}, {x}); });
    check([](Graph& graph, Value x) { return graph.add(graph::Reshape{.sizes = {0, 0}}, {x}); });
    check([](Graph& graph, Value x) {
        const auto last = graph.add(graph::Reshape{.sizes = {-1, 1, 1, 12}}, {x});
        return graph.add(graph::Permute{.axes = {0, 3, 1, 2}}, {last});
    });
    check([](Graph& graph, Value x) {
        const auto flat = graph.add(graph::Reshape{.sizes = {-1, 12}}, {x});
        const auto three = graph.add(graph::Unsqueeze{.axis = 1}, {flat});
        const auto four = graph.add(graph::Unsqueeze{.axis = -1}, {three});
        return graph.add(graph::Permute{.axes = {0, 2, 1, 3}}, {four});
    });
    check([](Graph& graph, Value x) {
        return graph.add(graph::Squeeze{.axis = 1}, {x});  // Has 12 elements, so nothing changes.
    });
}

TEST_CASE("a mean accepts feature maps whose channels are the last axis") {
    check_lowering(
        convolution_and([](Graph& graph, Value x) {
            const auto last = graph.add(graph::Permute{.axes = {0, 2, 3, 1}}, {x});
            const auto activated = graph.add(Activation{.kind = Activation::Kind::sigmoid}, {last});
            return graph.add(graph::Mean{.axes = {1, -2}, .keeps_axes = false}, {activated});
        }),
        {2, 3, 5, 6}, 3);
    check_lowering(convolution_and([](Graph& graph, Value x) {
                       const auto last = graph.add(graph::Permute{.axes = {0, 2, 3, 1}}, {x});
                       return graph.add(graph::Permute{.axes = {0, 3, 1, 2}}, {last});
                   }),
                   {2, 3, 5, 6}, 1);
}

TEST_CASE("arithmetic before the first convolution is applied to the input, bit-identically") {
    using Kind = Arithmetic::Kind;
    struct Step {
        Kind kind;
        float operand;
        bool is_reversed = false;
    };
    // A convolution with a 1×1 kernel and a factor of 1 shows the values themselves.
    const auto shown = [](const std::vector<Step>& steps, bool has_channels_last,
                          std::int64_t padding) {
        Graph graph;
        Value value = Graph::input;
        for (const auto& [kind, operand, is_reversed] : steps) {
            const auto constant = scalar(graph, operand);
            value = graph.add(Arithmetic{.kind = kind}, is_reversed ? std::vector{constant, value}
                                                                    : std::vector{value, constant});
        }
        if (has_channels_last) {
            value = graph.add(graph::Permute{.axes = {0, 3, 1, 2}}, {value});
        }
        value = graph.add(
            graph::Pad{.left = padding, .right = padding, .top = padding, .bottom = padding},
            {value});
        graph.set_output(graph.add(
            graph::Convolution{.weights = weight({1, 0, 0, 0, 1, 0, 0, 0, 1}, {3, 3, 1, 1})},
            {value}));
        return graph;
    };
    for (const bool has_channels_last : {false, true}) {
        for (const std::int64_t padding : {0, 2}) {
            CAPTURE(has_channels_last);
            CAPTURE(padding);
            const std::vector<std::int64_t> shape{2, 3, 3, 3};
            for (const auto& steps : std::vector<std::vector<Step>>{
                     {{Kind::multiply, 1 / 127.5F}, {Kind::add, -1}},
                     {{Kind::multiply, 0.3F}, {Kind::add, 0.7F}, {Kind::multiply, 1.9F}},
                     {{Kind::divide, 127.5F}, {Kind::subtract, 1.1F}},
                     {{Kind::subtract, 0.4F, true}},
                     {{Kind::add, 0.1F, true}, {Kind::multiply, 3, true}}}) {
                check_lowering(shown(steps, has_channels_last, padding), shape, 1, 0);
            }
        }
    }
}

TEST_CASE("space-to-depth of the input becomes a convolution with a kernel of twice the size") {
    const auto focus = [](const std::vector<std::pair<int, int>>& order, std::int64_t kernel,
                          std::int64_t stride) {
        Graph graph;
        std::vector<Value> slices;
        for (const auto& [row, column] : order) {
            const auto rows = graph.add(graph::Slice{.axis = 2, .start = row, .end = {}, .step = 2},
                                        {Graph::input});
            slices.push_back(graph.add(
                graph::Slice{.axis = -1, .start = column, .end = std::int64_t{1} << 62U, .step = 2},
                {rows}));
        }
        const auto whole = graph.add(graph::Concatenation{.axis = 1}, slices);
        graph.set_output(
            graph.add(graph::Convolution{.weights = random_weight({8, 12, kernel, kernel}, 3, 0.3F),
                                         .bias = random_weight({8}, 4),
                                         .stride = {stride, stride},
                                         .padding = {kernel / 2, kernel / 2},
                                         .dilation = {}},
                      {whole}));
        return graph;
    };
    const std::vector<std::pair<int, int>> yolov5{{0, 0}, {1, 0}, {0, 1}, {1, 1}};
    check_lowering(focus(yolov5, 3, 1), {1, 3, 12, 16}, 1, 1e-5);
    check_lowering(focus(yolov5, 1, 1), {2, 3, 4, 6}, 1, 1e-5);
    check_lowering(focus(yolov5, 3, 2), {1, 3, 12, 16}, 1, 1e-5);
    check_lowering(focus({{1, 1}, {0, 1}, {0, 0}, {1, 0}}, 3, 1), {1, 3, 12, 16}, 1, 1e-5);
    CHECK(reason_against(focus({{0, 0}, {1, 0}, {0, 1}, {0, 1}}, 3, 1)).find("slices") !=
          std::string::npos);
    CHECK(reason_against(focus({{0, 0}, {1, 0}, {0, 1}}, 4, 1)).find("slices") !=
          std::string::npos);
}

TEST_CASE("boxes of grids end a detector") {
    Graph graph;
    const auto fine = first_convolution(graph, Graph::input, 2 * 7, 1);
    const auto pooled = graph.add(graph::MaximumPool{.kernel = {2, 2}, .stride = {2, 2}}, {fine});
    const auto coarse =
        graph.add(graph::Convolution{.weights = random_weight({7, 14, 1, 1}, 5)}, {pooled});
    graph.set_output(
        graph.add(graph::YoloBoxes{.grids = {{.stride = 8, .anchors = {{10, 13}, {33, 23}}},
                                             {.stride = 16, .anchors = {{116, 90}}}},
                                   .box_channels = 7},
                  {fine, coarse}));
    check_lowering(graph, {2, 3, 8, 12}, 4, 1e-5);
}

TEST_CASE("first convolutions of one geometry share the network's input") {
    Graph graph;
    const auto a = first_convolution(graph, Graph::input);
    const auto b = first_convolution(graph, Graph::input, 7, 5);
    graph.set_output(graph.add(graph::Concatenation{}, {a, b}));
    check_lowering(graph, {2, 3, 6, 8}, 2);
}

TEST_CASE("channels of a feature map are read in place") {
    const auto part = [](Graph& graph, Value x, std::int64_t first,
                         std::optional<std::int64_t> end) {
        return graph.add(graph::Slice{.axis = 1, .start = first, .end = end}, {x});
    };
    SUBCASE("by a convolution, beside what they are concatenated with") {
        check_lowering(convolution_and([&](Graph& graph, Value x) {
                           const auto half = part(graph, x, 7, std::nullopt);
                           const auto next = graph.add(
                               graph::Convolution{.weights = random_weight({4, 5, 1, 1}, 5)},
                               {half});
                           return graph.add(graph::Concatenation{}, {x, next});
                       }),
                       {2, 3, 5, 6}, 2, 1e-5);
    }
    SUBCASE("by pools") {
        check_lowering(
            convolution_and([&](Graph& graph, Value x) {
                const auto averaged =
                    graph.add(graph::AveragePool{.kernel = {2, 2}, .stride = {1, 1}}, {x});
                const auto largest = graph.add(
                    graph::MaximumPool{
                        .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}, .dilation = {}},
                    {part(graph, averaged, 6, 12)});
                return graph.add(graph::NearestUpsample{2, 2}, {largest});
            }),
            {1, 3, 8, 6}, 4);
    }
    SUBCASE("and copied if they are concatenated in another order") {
        check_lowering(convolution_and([&](Graph& graph, Value x) {
                           return graph.add(graph::Concatenation{},
                                            {part(graph, x, 6, 12), part(graph, x, 0, 6)});
                       }),
                       {1, 3, 5, 6}, 3);
    }
    SUBCASE("as a residual, and of a part") {
        check_lowering(convolution_and([&](Graph& graph, Value x) {
                           const auto inner = part(graph, part(graph, x, 2, 12), 1, 6);
                           const auto next = graph.add(
                               graph::Convolution{.weights = random_weight({5, 5, 1, 1}, 5)},
                               {inner});
                           return graph.add(Arithmetic{}, {inner, next});
                       }),
                       {1, 3, 5, 6}, 2, 1e-5);
    }
}

TEST_CASE("an attention mixes the pixels of each feature map") {
    check_lowering(
        convolution_and([&](Graph& graph, Value x) {
            return graph.add(
                graph::Attention{.heads = 2, .key_channels = 2, .value_channels = 2, .scale = 0.7},
                {x});
        }),
        {2, 3, 5, 6}, 2, 1e-5);
}

TEST_CASE("boxes of distances end a detector") {
    Graph graph;
    const auto first = first_convolution(graph, Graph::input);
    const auto pooled = graph.add(graph::MaximumPool{.kernel = {2, 2}, .stride = {2, 2}}, {first});
    const auto classes =
        graph.add(graph::Convolution{.weights = random_weight({2, 12, 1, 1}, 5)}, {first});
    const auto coarse_classes =
        graph.add(graph::Convolution{.weights = random_weight({2, 12, 1, 1}, 6)}, {pooled});
    graph.set_output(
        graph.add(graph::DistanceBoxes{.strides = {8, 16}, .bins = {0, 1, 2}, .classes = 2},
                  {first, classes, pooled, coarse_classes}));
    check_lowering(graph, {2, 3, 8, 12}, 5, 1e-5);
}

TEST_CASE("nodes that the output does not depend on are ignored") {
    Graph graph;
    const auto first = first_convolution(graph, Graph::input);
    graph.add(Activation{.kind = Activation::Kind::silu}, {first});
    graph.set_output(graph.add(Activation{}, {first}));
    // An unused node does not prevent merging the activation into the convolution.
    check_lowering(graph, {1, 3, 5, 6}, 1);
}

TEST_CASE("unsupported operations are named") {
    const auto reason = [](const auto& rest) { return reason_against(convolution_and(rest)); };
    const auto of = [&](const auto& operation) {
        return reason([&](Graph& graph, Value x) { return graph.add(operation, {x}); });
    };
    const auto has = [](const std::string& text, const std::string& words) {
        CAPTURE(text);
        return text.starts_with("node ") && text.find(words) != std::string::npos;
    };
    CHECK(has(of(graph::AveragePool{.stride = {0, 1}}), "out of range"));
    CHECK(has(of(graph::MaximumPool{.rounds_up = true}), "rounds sizes up"));
    CHECK(has(of(graph::MaximumPool{.dilation = {2, 2}}), "dilation"));
    CHECK(has(of(graph::MaximumPool{.kernel = {0, 1}}), "out of range"));
    CHECK(has(of(graph::NearestUpsample{.row_factor = 1.5}), "not a small integer"));
    CHECK(has(of(graph::NearestUpsample{.row_factor = 1e9}), "not a small integer"));
    CHECK(has(of(graph::Mean{.axes = {1, 2}}), "mean over axes other than"));
    CHECK(has(of(graph::Mean{.axes = {2, 4}}), "names an axis"));
    CHECK(has(of(graph::Permute{.axes = {0, 1, 3, 2}}), "exchanges rows and columns"));
    CHECK(has(of(graph::Permute{.axes = {1, 0, 2, 3}}), "reorders axes"));
    CHECK(has(of(graph::Permute{.axes = {0, 2, 2, 2}}), "reorders axes"));
    CHECK(has(of(graph::Reshape{.sizes = {-1, 12, 1, 1}}), "reshapes"));
    CHECK(has(of(graph::Squeeze{.axis = 2}), "removes an axis"));
    CHECK(has(of(graph::Unsqueeze{.axis = 1}), "adds an axis"));
    CHECK(has(of(graph::Slice{.axis = 2, .start = 0, .end = 3}), "slice"));
    CHECK(has(of(graph::Slice{.axis = 1, .start = 0, .end = 13}), "slice of channels"));
    CHECK(has(of(graph::Slice{.axis = 1, .start = -2, .end = 3}), "slice of channels"));
    CHECK(has(of(graph::Slice{.axis = 1, .start = 3, .end = 3}), "slice of channels"));
    CHECK(has(of(graph::Slice{.axis = 1, .start = 0, .end = 6, .step = 2}), "slice of channels"));
    CHECK(has(of(graph::Attention{.heads = 2, .key_channels = 2, .value_channels = 3}),
              "heads do not match"));
    CHECK(has(of(graph::Attention{.heads = -2, .key_channels = -2, .value_channels = -2}),
              "heads do not match"));
    CHECK(has(reason([](Graph& graph, Value x) {
                  return graph.add(graph::DistanceBoxes{.strides = {8}, .bins = {0, 1}}, {x, x});
              }),
              "do not match its bins and classes"));
    CHECK(has(reason([](Graph& graph, Value x) {
                  return graph.add(graph::DistanceBoxes{.strides = {8}, .bins = {}}, {x, x});
              }),
              "out of range"));
    CHECK(has(of(graph::Slice{.axis = 4, .start = 0, .end = {}}), "names an axis"));
    CHECK(has(of(graph::YoloBoxes{.grids = {{.stride = 8, .anchors = {{1, 1}}}}}),
              "do not match its anchors"));
    CHECK(has(
        reason([](Graph& graph, Value x) {
            return graph.add(Arithmetic{.kind = Arithmetic::Kind::divide}, {scalar(graph, 1), x});
        }),
        "divides a constant"));
    CHECK(has(reason([](Graph& graph, Value x) {
                  return graph.add(Arithmetic{.kind = Arithmetic::Kind::subtract},
                                   {x, pixel_of(graph, x)});
              }),
              "arithmetic of two tensors"));
    CHECK(has(reason([](Graph& graph, Value x) {
                  const auto row = graph.add(graph::Constant{random_weight({6}, 1)}, {});
                  return graph.add(Arithmetic{}, {x, row});
              }),
              "neither a scalar nor one value per channel"));
    CHECK(has(reason([](Graph& graph, Value x) {
                  const auto padded = graph.add(graph::Pad{.left = 1}, {x});
                  return graph.add(Activation{}, {padded});
              }),
              "padded feature map"));
    CHECK(has(reason([](Graph& graph, Value x) {
                  return graph.add(graph::Concatenation{.axis = 2}, {x, x});
              }),
              "concatenates along an axis other than channels"));
}

TEST_CASE("inputs and outputs that the executor does not support are named") {
    const auto has = [](const std::string& text, const std::string& words) {
        CAPTURE(text);
        return text.find(words) != std::string::npos;
    };
    Graph graph;
    SUBCASE("the input itself") {
        CHECK(has(reason_against(graph), "no convolution"));
    }
    SUBCASE("no convolution at the input") {
        graph.set_output(graph.add(Activation{}, {Graph::input}));
        CHECK(has(reason_against(graph), "node 1 takes the network's input"));
    }
    SUBCASE("two different first convolutions") {
        const auto a = first_convolution(graph, Graph::input);
        const auto b = graph.add(graph::Convolution{.weights = random_weight({12, 3, 1, 1}, 3)},
                                 {Graph::input});
        graph.set_output(graph.add(graph::Concatenation{}, {a, b}));
        CHECK(has(reason_against(graph), "node 2 (weight) uses the network's input differently"));
    }
    SUBCASE("arithmetic with padding") {
        const auto padded = graph.add(graph::Pad{.left = 1}, {Graph::input});
        const auto sum = graph.add(Arithmetic{}, {padded, scalar(graph, 1)});
        graph.set_output(first_convolution(graph, sum));
        CHECK(has(reason_against(graph), "computes with padding"));
    }
    SUBCASE("arithmetic with more than one number") {
        const auto row = graph.add(graph::Constant{random_weight({3}, 1)}, {});
        const auto sum = graph.add(Arithmetic{}, {Graph::input, row});
        graph.set_output(first_convolution(graph, sum));
        CHECK(has(reason_against(graph), "a value that is not a scalar"));
    }
    SUBCASE("more arithmetic than anybody needs") {
        Value value = Graph::input;
        for (int i = 0; i < 17; ++i) {
            value = graph.add(Arithmetic{}, {value, scalar(graph, 1)});
        }
        graph.set_output(first_convolution(graph, value));
        CHECK(has(reason_against(graph), "too many operations"));
    }
    SUBCASE("channels last at the output") {
        const auto first = first_convolution(graph, Graph::input);
        graph.set_output(graph.add(graph::Permute{.axes = {0, 2, 3, 1}}, {first}));
        CHECK(has(reason_against(graph), "axes in an order"));
    }
    SUBCASE("padding at the output") {
        const auto first = first_convolution(graph, Graph::input);
        graph.set_output(graph.add(graph::Pad{.left = 1}, {first}));
        CHECK(has(reason_against(graph), "output is padded"));
    }
}
