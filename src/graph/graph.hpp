// SPDX-License-Identifier: Apache-2.0
// A network as a graph of tensor operations. The importers of published files and the reader of
// TorchScript write it; the lowering, the TorchScript printer and the text dump read it.
//
// Tensors have PyTorch's axes: images are [batch][channels][rows][columns] unless a Permute says
// otherwise. Each operation computes what the PyTorch function of its name computes, in float32.
#pragma once

#include "graph/tensor.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace speciesnet::graph {

/// A floating-point weight, named after its place in the file.
struct Weight {
    std::string name;
    TensorView tensor;
};

/// The network's only input. It is the first node of a graph, and occurs nowhere else.
struct Input {};

/// A constant operand. A scalar has no axes.
struct Constant {
    Weight value;
};

/// A value for rows and one for columns.
struct Pair {
    std::int64_t rows = 1;
    std::int64_t columns = 1;
    bool operator==(const Pair&) const = default;
};

/// Convolution of one input.
struct Convolution {
    Weight weights;  ///< [outputs][inputs / groups][kernel rows][kernel columns]
    std::optional<Weight> bias;
    Pair stride;
    Pair padding = {0, 0};
    Pair dilation;
    std::int64_t groups = 1;
};

/// Batch normalisation with the statistics from training, as in inference.
struct BatchNorm {
    std::optional<Weight> scale;
    std::optional<Weight> shift;
    Weight mean;
    Weight variance;
    double epsilon = 0;
};

/// input · weightsᵀ + bias
struct Linear {
    Weight weights;  ///< [outputs][inputs]
    std::optional<Weight> bias;
};

/// Product of two matrices. The first one may be batched.
struct MatrixProduct {};

/// Element-wise operation on two inputs, with broadcasting.
struct Arithmetic {
    enum class Kind : std::int32_t { add, subtract, multiply, divide };
    Kind kind = Kind::add;
};

struct Activation {
    enum class Kind : std::int32_t { relu, sigmoid, silu, hardswish, leaky_relu };
    Kind kind = Kind::relu;
    double negative_slope = 0;  ///< Of leaky_relu.
};

/// Concatenates one or more inputs.
struct Concatenation {
    std::int64_t axis = 1;
};

/// Maximum over windows of rows and columns.
struct MaximumPool {
    Pair kernel;
    Pair stride;
    Pair padding = {0, 0};
    Pair dilation;
    bool rounds_up = false;
};

/// Average over windows of rows and columns; padding counts as zeros.
struct AveragePool {
    Pair kernel;
    Pair stride;
    Pair padding = {0, 0};
};

/// Repeats rows and columns.
struct NearestUpsample {
    double row_factor = 1;
    double column_factor = 1;
};

/// Pads rows and columns with a value. Negative sizes crop.
struct Pad {
    std::int64_t left = 0;
    std::int64_t right = 0;
    std::int64_t top = 0;
    std::int64_t bottom = 0;
    double value = 0;
};

struct Mean {
    std::vector<std::int64_t> axes;
    bool keeps_axes = true;
};

struct Permute {
    std::vector<std::int64_t> axes;
};

/// A size of -1 is inferred from the other sizes; 0 keeps the input's size.
struct Reshape {
    std::vector<std::int64_t> sizes;
};

struct Squeeze {
    std::int64_t axis = 0;
};

struct Unsqueeze {
    std::int64_t axis = 0;
};

/// input[..., start:end:step, ...] along one axis. Without an end, it extends to the last element.
struct Slice {
    std::int64_t axis = 0;
    std::int64_t start = 0;
    std::optional<std::int64_t> end;
    std::int64_t step = 1;
};

/// Decodes the output of a YOLOv5 detector. The feature maps of several grids, with channels
/// [anchor][x, y, width, height, objectness, classes…], become [batch][boxes][x, y, width, height,
/// objectness, classes…].
/// With s the sigmoid of a channel:
///
///     x, y          = (2 s + (column, row) - 0.5) · stride
///     width, height = (2 s)² · anchor
///     the others    = s
///
/// Source: yolov5, models/yolo.py, Detect.forward().
struct YoloBoxes {
    struct Anchor {
        float width = 0;  ///< In pixels of the network's input.
        float height = 0;
    };
    struct Grid {
        float stride = 1;  ///< Pixels of the network's input for each cell.
        std::vector<Anchor> anchors;
    };
    std::vector<Grid> grids;        ///< One for each input.
    std::int64_t box_channels = 6;  ///< 5 + classes.
};

/// Self-attention, as in Transformers, among the pixels of a feature map. The channels are, for
/// each head, a query and a key of `key_channels` each, then `value_channels` values. The output
/// holds the weighted values:
///
///     value of a pixel = Σ over all pixels p of softmax(scale · query · key of p) · value of p
struct Attention {
    std::int64_t heads = 1;
    std::int64_t key_channels = 1;
    std::int64_t value_channels = 1;
    double scale = 1;
};

/// Decodes the output of an anchor-free YOLO detector. Each grid has two feature maps: the channels
/// of one are distributions of the distances from a cell's centre to the left, top, right and
/// bottom of its box, those of the other are classes. The output has the rows of YoloBoxes with an
/// objectness of 1. With p the softmax of a side's channels and s the sigmoid of a class:
///
///     distance = Σ bin · p of the bin, in cells
///     x        = (column + 0.5 + (right - left) / 2) · stride, and y likewise
///     width    = (left + right) · stride, and height likewise
///     classes  = s
struct DistanceBoxes {
    std::vector<float> strides;  ///< One for each grid.
    std::vector<float> bins;     ///< Distances that the channels of one side represent.
    std::int64_t classes = 1;
};

using Operation =
    std::variant<Input, Constant, Convolution, BatchNorm, Linear, MatrixProduct, Arithmetic,
                 Activation, Concatenation, MaximumPool, AveragePool, NearestUpsample, Pad, Mean,
                 Permute, Reshape, Squeeze, Unsqueeze, Slice, YoloBoxes, Attention, DistanceBoxes>;

/// The result of a node, named by the node's index.
using Value = std::uint32_t;

struct Node {
    Operation operation;
    std::vector<Value> inputs;  ///< Nodes that precede this one.
};

/// A network with one input and one output. Copies share the weights.
class Graph {
public:
    Graph();  ///< Contains only the input.

    static constexpr Value input = 0;

    /// Appends a node.
    /// @throws InvalidArgument if an input is not an earlier node, or if the number of inputs is
    /// wrong
    Value add(Operation operation, std::vector<Value> inputs);
    /// @throws InvalidArgument if the node does not exist
    void set_output(Value value);

    const std::vector<Node>& nodes() const noexcept { return nodes_; }
    Value output() const noexcept { return output_; }

private:
    std::vector<Node> nodes_;
    Value output_ = input;
};

}  // namespace speciesnet::graph
