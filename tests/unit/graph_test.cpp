// SPDX-License-Identifier: Apache-2.0
// Graphs: which nodes they may contain, and how they are written.
#include "graph/graph.hpp"

#include "speciesnet/error.hpp"

#include "graph/dump.hpp"
#include "graph/to_floats.hpp"
#include "graph/torchscript_text.hpp"
#include "rejects.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;
using graph::Graph;
using graph::to_floats;

namespace {

graph::Weight weight(std::string name, std::vector<std::int64_t> shape) {
    TensorView tensor;
    tensor.shape = std::move(shape);
    return {std::move(name), std::move(tensor)};
}

template <typename Number>
TensorView tensor_of(ElementType type, const std::vector<Number>& values,
                     std::vector<std::int64_t> shape, std::vector<std::int64_t> strides) {
    return {type,
            std::move(shape),
            std::move(strides),
            {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Number)},
            nullptr};
}

/// Returns one node of each kind, in no meaningful order.
Graph every_operation() {
    Graph graph;
    auto x = graph.add(graph::Convolution{.weights = weight("a.conv.weight", {8, 3, 6, 6}),
                                          .bias = weight("a.conv.bias", {8}),
                                          .stride = {2, 1},
                                          .padding = {2, 3},
                                          .dilation = {1, 2},
                                          .groups = 4},
                       {Graph::input});
    x = graph.add(graph::BatchNorm{.scale = weight("a.bn.weight", {8}),
                                   .shift = {},
                                   .mean = weight("a.bn.running_mean", {8}),
                                   .variance = weight("a.bn.running_var", {8}),
                                   .epsilon = 1e-3},
                  {x});
    x = graph.add(graph::Activation{graph::Activation::Kind::leaky_relu, 0.25}, {x});
    x = graph.add(graph::MaximumPool{.kernel = {5, 3},
                                     .stride = {1, 2},
                                     .padding = {2, 1},
                                     .dilation = {1, 1},
                                     .rounds_up = true},
                  {x});
    x = graph.add(graph::AveragePool{.kernel = {2, 2}, .stride = {2, 2}, .padding = {0, 1}}, {x});
    x = graph.add(graph::NearestUpsample{2, 4}, {x});
    x = graph.add(graph::Pad{1, 2, -3, 4, 0.5}, {x});
    x = graph.add(graph::Concatenation{1}, {x, x});
    x = graph.add(graph::Slice{.axis = 2, .start = 1, .end = 9, .step = 2}, {x});
    x = graph.add(graph::Mean{.axes = {2, 3}, .keeps_axes = false}, {x});
    x = graph.add(graph::Unsqueeze{1}, {x});
    x = graph.add(graph::Squeeze{-2}, {x});
    x = graph.add(graph::Reshape{{0, 8, -1}}, {x});
    x = graph.add(graph::Permute{{0, 2, 1}}, {x});
    const auto constant = graph.add(graph::Constant{weight("c\"\n", {8, 16})}, {});
    x = graph.add(graph::MatrixProduct{}, {x, constant});
    x = graph.add(graph::Arithmetic{graph::Arithmetic::Kind::divide}, {x, x});
    x = graph.add(graph::Linear{weight("a.conv.weight", {5, 16}), {}}, {x});
    graph.set_output(x);
    return graph;
}

Graph two_grids() {
    Graph graph;
    graph.set_output(
        graph.add(graph::YoloBoxes{.grids = {{8, {{10, 13}}}, {16, {{30, 61}}}}, .box_channels = 7},
                  {Graph::input, Graph::input}));
    return graph;
}

Graph attention_and_distances() {
    Graph graph;
    const auto mixed = graph.add(
        graph::Attention{.heads = 2, .key_channels = 4, .value_channels = 8, .scale = 0.5},
        {Graph::input});
    graph.set_output(
        graph.add(graph::DistanceBoxes{.strides = {8}, .bins = {0, 1, 2}, .classes = 5},
                  {Graph::input, mixed}));
    return graph;
}

}  // namespace

TEST_CASE("nodes of a graph follow their inputs and have the right number of them") {
    Graph graph;
    CHECK(graph.nodes().size() == 1);
    CHECK(graph.output() == Graph::input);
    const auto relu = graph.add(graph::Activation{}, {Graph::input});
    CHECK(relu == 1);
    CHECK_THROWS_AS(graph.add(graph::Activation{}, {2}), InvalidArgument);
    CHECK_THROWS_AS(graph.add(graph::Activation{}, {}), InvalidArgument);
    CHECK_THROWS_AS(graph.add(graph::Arithmetic{}, {relu}), InvalidArgument);
    CHECK_THROWS_AS(graph.add(graph::Concatenation{}, {}), InvalidArgument);
    CHECK_THROWS_AS(graph.add(graph::Constant{}, {relu}), InvalidArgument);
    CHECK_THROWS_AS(graph.add(graph::Input{}, {}), InvalidArgument);
    CHECK_THROWS_AS(graph.add(graph::YoloBoxes{.grids = {{8, {}}}}, {relu, relu}), InvalidArgument);
    CHECK_THROWS_AS(graph.add(graph::DistanceBoxes{.strides = {8}}, {relu}), InvalidArgument);
    CHECK_THROWS_AS(graph.set_output(2), InvalidArgument);
    CHECK(graph.nodes().size() == 2);
}

TEST_CASE("values of tensors are read in the order of their axes, whatever their strides") {
    const std::vector<float> numbers{0, 1, 2, 3, 4, 5};
    CHECK(to_floats(tensor_of(ElementType::float32, numbers, {3, 2}, {1, 3})) ==
          std::vector<float>{0, 3, 1, 4, 2, 5});
    CHECK(to_floats(tensor_of(ElementType::float32, numbers, {}, {})) == std::vector<float>{0});
    CHECK(to_floats(tensor_of(ElementType::float32, numbers, {0, 7}, {7, 1})).empty());
    CHECK_THROWS_AS(to_floats(tensor_of(ElementType::float32, numbers, {7}, {1})), InvalidArgument);
    CHECK_THROWS_AS(to_floats(tensor_of(ElementType::int32, numbers, {6}, {1})), InvalidArgument);
}

TEST_CASE("every floating-point type is read exactly") {
    const std::vector<std::uint16_t> halves{0x3c00, 0xc000, 0x7bff, 0x0001, 0x83ff, 0x0400, 0x7c00};
    CHECK(to_floats(tensor_of(ElementType::float16, halves, {7}, {1})) ==
          std::vector<float>{1, -2, 65504, 0x1p-24F, -1023 * 0x1p-24F, 0x1p-14F,
                             std::numeric_limits<float>::infinity()});
    const std::vector<std::uint16_t> brain{0x3f80, 0xc040};
    CHECK(to_floats(tensor_of(ElementType::bfloat16, brain, {2}, {1})) ==
          std::vector<float>{1, -3});
    const std::vector<double> doubles{0.1, -2};
    CHECK(to_floats(tensor_of(ElementType::float64, doubles, {2}, {1})) ==
          std::vector<float>{0.1F, -2});
}

TEST_CASE("every operation is written as the corresponding call of PyTorch") {
    const auto text = graph::to_torchscript(every_operation());
    CHECK(text.forward ==
          "def forward(self, x):\n"
          "    x1 = torch.conv2d(x, self.w_a_conv_weight, self.w_a_conv_bias, [2, 1], [2, 3], "
          "[1, 2], 4)\n"
          "    x2 = torch.batch_norm(x1, self.w_a_bn_weight, None, self.w_a_bn_running_mean, "
          "self.w_a_bn_running_var, False, 0.0, 0.001, False)\n"
          "    x3 = torch.leaky_relu(x2, 0.25)\n"
          "    x4 = torch.max_pool2d(x3, [5, 3], [1, 2], [2, 1], [1, 1], True)\n"
          "    x5 = torch.avg_pool2d(x4, [2, 2], [2, 2], [0, 1])\n"
          "    x6 = torch.upsample_nearest2d(x5, None, [2.0, 4.0])\n"
          "    x7 = torch.constant_pad_nd(x6, [1, 2, -3, 4], 0.5)\n"
          "    x8 = torch.cat([x7, x7], 1)\n"
          "    x9 = torch.slice(x8, 2, 1, 9, 2)\n"
          "    x10 = torch.mean(x9, [2, 3], False)\n"
          "    x11 = torch.unsqueeze(x10, 1)\n"
          "    x12 = torch.squeeze(x11, -2)\n"
          "    x13 = torch.reshape(x12, [x12.size(0), 8, -1])\n"
          "    x14 = torch.permute(x13, [0, 2, 1])\n"
          "    x15 = torch.matmul(x14, self.w_c__)\n"
          "    x16 = torch.div(x15, x15)\n"
          "    x17 = torch.linear(x16, self.w_a_conv_weight_6, None)\n"
          "    return x17\n");
    REQUIRE(text.weights.size() == 7);
    CHECK(text.weights.back().name == "w_a_conv_weight_6");
    CHECK(text.weights.back().tensor.shape == std::vector<std::int64_t>{5, 16});
}

TEST_CASE("boxes are written as YOLOv5 decodes them, their anchors as weights") {
    const auto text = graph::to_torchscript(two_grids());
    CHECK(text.forward.find("    x4 = x.view([x1, 1, 7, x2, x3]).permute([0, 1, 3, 4, 2])"
                            ".contiguous().sigmoid()\n") != std::string::npos);
    CHECK(text.forward.find(".narrow(4, 0, 2), 2), x7), 8.0)\n") != std::string::npos);
    CHECK(text.forward.find("2), self.w_anchors_1)\n") != std::string::npos);
    CHECK(text.forward.find(".narrow(4, 4, 3)\n") != std::string::npos);
    REQUIRE(text.weights.size() == 2);
    CHECK(text.weights[1].tensor.shape == std::vector<std::int64_t>{1, 1, 1, 1, 2});
    CHECK(to_floats(text.weights[1].tensor) == std::vector<float>{30, 61});
}

TEST_CASE("attention and boxes of distances are written as operations of PyTorch") {
    const auto text = graph::to_torchscript(attention_and_distances());
    CHECK(text.forward ==
          "def forward(self, x):\n"
          "    x1 = x.reshape([x.size(0), 2, 16, -1])\n"
          "    x2 = x1.narrow(2, 0, 4)\n"
          "    x3 = torch.mul(x2, 0.5).transpose(2, 3)\n"
          "    x4 = x1.narrow(2, 4, 4)\n"
          "    x5 = torch.softmax(torch.matmul(x3, x4), -1)\n"
          "    x6 = x1.narrow(2, 8, 8)\n"
          "    x7 = torch.matmul(x6, x5.transpose(2, 3))\n"
          "    x8 = x7.reshape([x.size(0), 16, x.size(2), x.size(3)])\n"
          "    x9 = x.size(0)\n"
          "    x10 = x.size(2)\n"
          "    x11 = x.size(3)\n"
          "    x12 = x.reshape([x9, 4, 3, -1]).permute([0, 3, 1, 2])\n"
          "    x13 = torch.matmul(torch.softmax(x12, -1), self.w_bins)\n"
          "    x14 = torch.arange(x11, dtype=6, device=x.device).view([1, -1])"
          ".expand([x10, x11]).reshape([-1])\n"
          "    x15 = torch.arange(x10, dtype=6, device=x.device).view([-1, 1])"
          ".expand([x10, x11]).reshape([-1])\n"
          "    x16 = torch.add(torch.stack([x14, x15], 1), 0.5)\n"
          "    x17 = torch.sub(x16, x13.narrow(2, 0, 2))\n"
          "    x18 = torch.add(x16, x13.narrow(2, 2, 2))\n"
          "    x19 = torch.div(torch.add(x17, x18), 2)\n"
          "    x20 = torch.mul(torch.cat([x19, torch.sub(x18, x17)], 2), 8.0)\n"
          "    x21 = torch.ones_like(x20.narrow(2, 0, 1))\n"
          "    x22 = x8.reshape([x9, 5, -1]).permute([0, 2, 1]).sigmoid()\n"
          "    x23 = torch.cat([x20, x21, x22], 2)\n"
          "    x24 = torch.cat([x23], 1)\n"
          "    return x24\n");
    REQUIRE(text.weights.size() == 1);
    CHECK(to_floats(text.weights[0].tensor) == std::vector<float>{0, 1, 2});
}

TEST_CASE("large numbers are written without a sign") {
    Graph graph;
    graph.set_output(graph.add(graph::Pad{0, 0, 0, 0, 1e30}, {Graph::input}));
    CHECK(graph::to_torchscript(graph).forward.find(", 1e30)") != std::string::npos);
}

TEST_CASE("numbers that are not finite cannot be written") {
    Graph graph;
    graph.set_output(
        graph.add(graph::Pad{0, 0, 0, 0, std::numeric_limits<double>::infinity()}, {Graph::input}));
    CHECK_THROWS_AS(graph::to_torchscript(graph), InvalidArgument);
}

TEST_CASE("graphs are dumped in columns") {
    const std::vector<float> four{4};
    Graph graph;
    const auto scale =
        graph.add(graph::Constant{{"scale", tensor_of(ElementType::float32, four, {}, {})}}, {});
    auto x = graph.add(graph::Arithmetic{graph::Arithmetic::Kind::multiply}, {0, scale});
    x = graph.add(graph::Convolution{.weights = weight("m.0.weight\x1b", {8, 3, 6, 6}),
                                     .bias = weight("m.0.bias", {8}),
                                     .stride = {2, 2},
                                     .padding = {2, 2}},
                  {x});
    graph.set_output(graph.add(graph::Activation{graph::Activation::Kind::silu}, {x}));
    CHECK(graph::dump(graph) ==
          "%0  input\n"
          "%1  constant            4                       scale [] float32\n"
          "%2  multiply     %0 %1\n"
          "%3  convolution  %2     stride 2x2 padding 2x2  m.0: weight? [8, 3, 6, 6], bias [8] "
          "float32\n"
          "%4  silu         %3\n"
          "output %4\n");
}

TEST_CASE("the dump contains the settings of every operation") {
    const auto text = graph::dump(every_operation());
    for (const char* part :
         {"stride 2x1 padding 2x3 dilation 1x2 groups 4", "epsilon 0.001", "slope 0.25",
          "kernel 5x3 stride 1x2 padding 2x1 rounds up", "kernel 2x2 stride 2x2 padding 0x1",
          "rows 2 columns 4", "left 1 right 2 top -3 bottom 4 with 0.5",
          "axis 2 from 1 to 9 step 2", "axes [2, 3] without them", "sizes [0, 8, -1]",
          "axes [0, 2, 1]", "c\"? [8, 16] float32", "output %18"}) {
        CAPTURE(part);
        CHECK(text.find(part) != std::string::npos);
    }
    const auto others = graph::dump(attention_and_distances());
    CHECK(others.find("heads 2 keys 4 values 8 scale 0.5") != std::string::npos);
    CHECK(others.find("bins 3 classes 5 stride 8") != std::string::npos);
    CHECK(graph::dump(two_grids())
              .find("channels 7 stride 8 anchors 10x13 stride 16 anchors 30x61") !=
          std::string::npos);
}
