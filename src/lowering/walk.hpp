// SPDX-License-Identifier: Apache-2.0
// Walks a graph once, from input to output. Fuses operations that follow a convolution (BatchNorm,
// constants, activation, residual) into it if nothing else uses the values in between.
#pragma once

#include "executor/network_plan.hpp"
#include "graph/graph.hpp"
#include "lowering/graph_uses.hpp"
#include "lowering/lowering.hpp"
#include "lowering/packing.hpp"
#include "lowering/unpacked_convolution.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace speciesnet::lowering {

/// The plan of a graph, and its convolutions, which still lack their weights.
struct Walked {
    executor::NetworkPlan network;
    std::vector<PlannedConvolution> convolutions;
};

/// Returns nothing if the executor has the activation only as an operation of its own.
std::optional<executor::Activation> executor_activation(const graph::Activation& activation);

/// Returns an axis counted from the first one. @throws Refusal if there is none
std::size_t checked_axis(std::int64_t axis, std::size_t axes);

class Walk {
public:
    /// @param graph must outlive this
    Walk(const graph::Graph& graph, const Options& options);

    /// @throws Refusal
    Walked walk() &&;

private:
    using PlanValue = executor::Plan::Value;

    /// A value of the plan, or the same data with other axes.
    struct Tensor {
        PlanValue value = 0;
        std::size_t axes = 4;
        /// The axis of the channels. In feature maps, the axes other than this one and the first
        /// are the rows and the columns, in this order.
        std::size_t channel_axis = 1;
        bool is_single_pixel = false;  ///< All axes except the first and the channels have size 1.
        /// Surrounding zeros that are not in memory: padding of the convolution that uses the
        /// value.
        Padding padding;

        bool is_padded() const { return padding != Padding{}; }
        bool has_axes_of(const Tensor& other) const {
            return axes == other.axes && channel_axis == other.channel_axis &&
                   is_single_pixel == other.is_single_pixel;
        }
    };

    /// The network's input, before it becomes an input of the plan.
    struct InputView {
        bool channels_first = true;  ///< The network's layout.
        std::vector<executor::ScalarArithmetic> arithmetic;
        Padding padding;
        /// In a slice of every second row, or column: the first one.
        std::optional<std::size_t> rows_from;
        std::optional<std::size_t> columns_from;
        std::vector<Cell> cells;  ///< The concatenated slices.

        bool is_sliced() const { return rows_from || columns_from || !cells.empty(); }
    };

    using Constant = const TensorView*;
    using Known = std::variant<std::monostate, Constant, InputView, Tensor>;

    /// Operations fused into a convolution, and the value that they produce.
    struct Following {
        graph::Value value = 0;
        executor::Activation activation = executor::Activation::none;
        std::optional<PlanValue> residual;
    };

    // walk.cpp
    void lower(graph::Value node);
    template <typename Form>
    const Form* find(graph::Value value) const {
        return std::get_if<Form>(&known_[value]);
    }
    /// Returns a value of the plan without padding. @throws Refusal for anything else
    const Tensor& tensor(graph::Value value) const;
    std::size_t channels(const Tensor& tensor) const;
    const graph::Node& node(graph::Value value) const { return graph_.nodes()[value]; }
    template <typename Kind>
    const Kind* operation(graph::Value value) const {
        return std::get_if<Kind>(&node(value).operation);
    }
    /// Returns the other operand of a node with two.
    graph::Value other_input(graph::Value node, graph::Value input) const;
    void define(graph::Value value, const Tensor& like,
                std::unique_ptr<executor::Operation> operation, std::vector<PlanValue> inputs,
                std::size_t channels);
    void finish();

    // walk_convolutions.cpp
    void lower(graph::Value node, const graph::Convolution& convolution);
    void lower(graph::Value node, const graph::Linear& linear);
    void lower(graph::Value node, const graph::MatrixProduct& product);
    void lower(graph::Value node, const graph::BatchNorm& norm);
    void lower_product(graph::Value node, UnpackedConvolution product);
    void define_convolution(graph::Value node, const Tensor& from, UnpackedConvolution convolution);
    Tensor add_input(const InputView& input, UnpackedConvolution& convolution);
    Precision precision_of(const Tensor& from, const UnpackedConvolution& convolution,
                           graph::Value result) const;
    /// Folds following linear operations into a convolution. @return the value that it then
    /// produces
    graph::Value fold_followers(graph::Value value, const Tensor& result,
                                UnpackedConvolution& convolution);
    bool fold_arithmetic(graph::Value node, graph::Value value, const Tensor& result,
                         UnpackedConvolution& convolution);
    /// @return the value after the activation
    graph::Value follow_activation(graph::Value value, executor::Activation& activation);
    std::optional<PlanValue> follow_residual(graph::Value& value, const Tensor& result,
                                             std::size_t channels);
    /// Returns one value for each channel of `result`; nothing if the constant has another shape.
    std::optional<std::vector<float>> per_channel(const TensorView& constant, const Tensor& result,
                                                  std::size_t channels) const;

    // walk_pictures.cpp
    void lower(graph::Value node, const graph::Activation& activation);
    void lower(graph::Value node, const graph::Arithmetic& arithmetic);
    /// @param is_reversed the constant is the first operand
    void compute_input(graph::Value node, graph::Value input, graph::Arithmetic::Kind kind,
                       bool is_reversed, const TensorView& constant);
    void compute_channels(graph::Value node, const Tensor& from, graph::Arithmetic::Kind kind,
                          bool is_reversed, const TensorView& constant);
    void lower_of_two(graph::Value node, graph::Arithmetic::Kind kind);
    void lower(graph::Value node, const graph::Concatenation& concatenation);
    void concatenate_slices(graph::Value node, const graph::Concatenation& concatenation);
    void lower(graph::Value node, const graph::MaximumPool& pool);
    void lower(graph::Value node, const graph::AveragePool& pool);
    template <typename Operation, typename Pool>
    void define_pool(graph::Value node, const Pool& pool);
    void lower(graph::Value node, const graph::NearestUpsample& upsample);
    void lower(graph::Value node, const graph::Mean& mean);
    void lower(graph::Value node, const graph::YoloBoxes& boxes);
    void lower(graph::Value node, const graph::Attention& attention);
    void lower(graph::Value node, const graph::DistanceBoxes& boxes);
    /// Returns the product in value · sigmoid(value), if it is the only use of the sigmoid.
    std::optional<graph::Value> silu_product(graph::Value value, graph::Value sigmoid) const;

    // walk_axes.cpp
    void lower(graph::Value node, const graph::Input& input);
    void lower(graph::Value node, const graph::Constant& constant);
    void lower(graph::Value node, const graph::Pad& pad);
    void lower(graph::Value node, const graph::Permute& permute);
    void lower(graph::Value node, const graph::Reshape& reshape);
    void lower(graph::Value node, const graph::Squeeze& squeeze);
    void lower(graph::Value node, const graph::Unsqueeze& unsqueeze);
    void lower(graph::Value node, const graph::Slice& slice);
    void lower_channels(graph::Value node, const Tensor& from, const graph::Slice& slice);

    const graph::Graph& graph_;
    const Options& options_;
    GraphUses uses_;
    Walked walked_;
    executor::Plan& plan_;
    std::vector<Known> known_;
    std::vector<bool> fused_;  ///< Nodes that are part of another node's operation.
    /// How the plan uses the network's input.
    struct TakenInput {
        executor::InputLayout layout;
        bool channels_first = true;
        PlanValue value = 0;
    };
    std::optional<TakenInput> input_;
};

}  // namespace speciesnet::lowering
