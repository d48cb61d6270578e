// SPDX-License-Identifier: Apache-2.0
// One pass over a graph, from input to output. What follows a convolution (BatchNorm, constants,
// activation, residual) is fused into it if nothing else uses the value in between.
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

/// The plan of a graph, its convolutions without their weights.
struct Walked {
    executor::NetworkPlan network;
    std::vector<PlannedConvolution> convolutions;
};

/// Nothing if the executor has it as an operation of its own alone.
std::optional<executor::Activation> executor_activation(const graph::Activation& activation);

/// An axis counted from the first one. @throws Refusal if there is none
std::size_t checked_axis(std::int64_t axis, std::size_t axes);

class Walk {
public:
    /// @param graph must outlive this
    Walk(const graph::Graph& graph, const Options& options);

    /// @throws Refusal
    Walked walk() &&;

private:
    using PlanValue = executor::Plan::Value;

    /// A value that the plan has, or that is the same numbers with other axes.
    struct Tensor {
        PlanValue value = 0;
        std::size_t axes = 4;
        /// Where the channels are. Feature maps have their rows and columns, in this order, on the
        /// axes that are neither the first nor this one.
        std::size_t channel_axis = 1;
        bool is_single_pixel = false;  ///< All other axes but the first one have a size of 1.
        /// Zeros around it that are not in memory: padding of the convolution that takes it.
        Padding padding;

        bool is_padded() const { return padding != Padding{}; }
        bool has_axes_of(const Tensor& other) const {
            return axes == other.axes && channel_axis == other.channel_axis &&
                   is_single_pixel == other.is_single_pixel;
        }
    };

    /// The network's input, before the plan has it.
    struct InputView {
        bool channels_first = true;  ///< As the network has it.
        std::vector<executor::ScalarArithmetic> arithmetic;
        Padding padding;
        /// Of a slice: the first row, or column, of every second one.
        std::optional<std::size_t> rows_from;
        std::optional<std::size_t> columns_from;
        std::vector<Cell> cells;  ///< Of slices that are concatenated.

        bool is_sliced() const { return rows_from || columns_from || !cells.empty(); }
    };

    using Constant = const TensorView*;
    using Known = std::variant<std::monostate, Constant, InputView, Tensor>;

    /// What follows a convolution, and the value that it then gives.
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
    /// A value that the plan has, as it is in memory. @throws Refusal for anything else
    const Tensor& tensor(graph::Value value) const;
    std::size_t channels(const Tensor& tensor) const;
    const graph::Node& node(graph::Value value) const { return graph_.nodes()[value]; }
    template <typename Kind>
    const Kind* operation(graph::Value value) const {
        return std::get_if<Kind>(&node(value).operation);
    }
    /// The other operand of a node of two.
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
    /// Takes what is linear and follows into a convolution. @return the value that it then gives
    graph::Value fold_followers(graph::Value value, const Tensor& result,
                                UnpackedConvolution& convolution);
    bool fold_arithmetic(graph::Value node, graph::Value value, const Tensor& result,
                         UnpackedConvolution& convolution);
    /// @return the value after the activation
    graph::Value follow_activation(graph::Value value, executor::Activation& activation);
    std::optional<PlanValue> follow_residual(graph::Value& value, const Tensor& result,
                                             std::size_t channels);
    /// One number per channel of `result`; nothing if the constant is something else.
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
    /// The product in value · sigmoid(value), if that is all that the sigmoid is for.
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
    std::vector<bool> fused_;  ///< Nodes that are parts of another one's operation.
    /// What the plan takes of the network's input.
    struct TakenInput {
        executor::InputLayout layout;
        bool channels_first = true;
        PlanValue value = 0;
    };
    std::optional<TakenInput> input_;
};

}  // namespace speciesnet::lowering
