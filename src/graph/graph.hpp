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

/// A weight: named after its place in the file, floating-point.
struct Weight {
    std::string name;
    TensorView tensor;
};

/// The network's only input. The first node of a graph, and no other.
struct Input {};

/// A constant operand. A scalar has no axes.
struct Constant {
    Weight value;
};

/// Rows come first in every pair.
struct Pair {
    std::int64_t rows = 1;
    std::int64_t columns = 1;
    bool operator==(const Pair&) const = default;
};

/// Of one input.
struct Convolution {
    Weight weights;  ///< [outputs][inputs / groups][kernel rows][kernel columns]
    std::optional<Weight> bias;
    Pair stride;
    Pair padding = {0, 0};
    Pair dilation;
    std::int64_t groups = 1;
};

/// With the statistics of the training, as in inference.
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

/// Product of two matrices, the first of them perhaps in a batch.
struct MatrixProduct {};

/// Of two inputs, element by element, with broadcasting.
struct Arithmetic {
    enum class Kind : std::int32_t { add, subtract, multiply, divide };
    Kind kind = Kind::add;
};

struct Activation {
    enum class Kind : std::int32_t { relu, sigmoid, silu, hardswish, leaky_relu };
    Kind kind = Kind::relu;
    double negative_slope = 0;  ///< Of leaky_relu.
};

/// Of one or more inputs.
struct Concatenation {
    std::int64_t axis = 1;
};

/// Over rows and columns.
struct MaximumPool {
    Pair kernel;
    Pair stride;
    Pair padding = {0, 0};
    Pair dilation;
    bool rounds_up = false;
};

/// Over rows and columns; padding counts as zeros.
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

/// Surrounds rows and columns with a value. Negative sizes cut.
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

/// A size of -1 is what is left, a size of 0 the input's own.
struct Reshape {
    std::vector<std::int64_t> sizes;
};

struct Squeeze {
    std::int64_t axis = 0;
};

struct Unsqueeze {
    std::int64_t axis = 0;
};

/// input[..., start:end:step, ...] along one axis; no end means up to the last one.
struct Slice {
    std::int64_t axis = 0;
    std::int64_t start = 0;
    std::optional<std::int64_t> end;
    std::int64_t step = 1;
};

/// The decoding of a YOLOv5 detector: the images of several grids, channels [anchor][x, y, width,
/// height, objectness, classes…], become [batch][boxes][x, y, width, height, objectness, classes…].
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

/// The attention of Transformers among the pixels of an image. Channels are, for each head, a query
/// and a key of `key_channels` each, then `value_channels`; of these remain the values, mixed:
///
///     value of a pixel = Σ over all pixels p of softmax(scale · query · key of p) · value of p
struct Attention {
    std::int64_t heads = 1;
    std::int64_t key_channels = 1;
    std::int64_t value_channels = 1;
    double scale = 1;
};

/// The decoding of a YOLO detector without anchors. For each grid it takes two images: the channels
/// of one are distributions of the distances from a cell's centre to its box's left, top, right and
/// bottom, those of the other are classes. They become the rows of YoloBoxes, with an objectness of
/// 1. With p the softmax of a side's channels and s the sigmoid of a class:
///
///     distance = Σ bin · p of the bin, in cells
///     x        = (column + 0.5 + (right - left) / 2) · stride, and y likewise
///     width    = (left + right) · stride, and height likewise
///     classes  = s
struct DistanceBoxes {
    std::vector<float> strides;  ///< One for each grid.
    std::vector<float> bins;     ///< Distances that the channels of a side stand for.
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
    std::vector<Value> inputs;  ///< Of nodes before this one.
};

/// A network with one input and one output. Copies share the weights.
class Graph {
public:
    Graph();  ///< Its input alone.

    static constexpr Value input = 0;

    /// Appends a node.
    /// @throws InvalidArgument if an input is no node before it, or if their number is wrong
    Value add(Operation operation, std::vector<Value> inputs);
    /// @throws InvalidArgument if there is no such node
    void set_output(Value value);

    const std::vector<Node>& nodes() const noexcept { return nodes_; }
    Value output() const noexcept { return output_; }

private:
    std::vector<Node> nodes_;
    Value output_ = input;
};

}  // namespace speciesnet::graph
