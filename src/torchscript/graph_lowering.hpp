// One walk along a graph. What a convolution is followed by (BatchNorm, activation, residual)
// becomes a part of it where nothing else looks at the value in between.
#pragma once

#include "executor/plan.hpp"
#include "torchscript/convolution_node.hpp"
#include "torchscript/lowering.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <torch/csrc/jit/ir/ir.h>

namespace speciesnet {

/// What is done with a graph's weights.
enum class Weights : std::int32_t {
    left,   ///< They stay where they are: the graph is only looked at, the plan computes nothing.
    taken,  ///< They move into the plan one after the other, so that there is never room for both.
};

/// The activation that a node is, if it is one.
std::optional<executor::Activation> activation_of(const torch::jit::Node* node);
/// The product in value · sigmoid(value), if that is all that the sigmoid is for.
torch::jit::Node* silu_product(const torch::jit::Value* value, const torch::jit::Node* sigmoid);
/// Whether a node adds two tensors, neither of them scaled.
bool is_plain_add(const torch::jit::Node* node);
/// Left, right, top and bottom, if the node is padding with zeros.
std::optional<std::vector<std::size_t>> zero_padding(const torch::jit::Node* node);

class GraphLowering {
public:
    /// @param graph becomes the graph behind the plan
    GraphLowering(std::shared_ptr<torch::jit::Graph> graph, const LoweringOptions& options,
                  Weights weights);

    /// @return nothing if the graph cannot be lowered
    std::optional<LoweredNetwork> lower() &&;

private:
    /// What is known of a tensor that the plan has, or that is the same numbers in another shape.
    struct Tensor {
        executor::Plan::Value value = 0;
        std::size_t dimensions = 4;
        bool is_single_pixel = false;
        /// Zeros around it that are not in memory: padding of the convolution that takes it.
        std::vector<std::size_t> padding = {0, 0, 0, 0};  ///< Left, right, top, bottom.

        bool is_padded() const { return padding != std::vector<std::size_t>{0, 0, 0, 0}; }
    };

    /// A convolution whose weights are still as the graph has them.
    struct Unpacked {
        std::size_t step = 0;
        ConvolutionNode convolution;
        executor::Activation activation = executor::Activation::none;
        Precision precision = Precision::float32;
    };

    bool depends_on_plan(const torch::jit::Value* value) const;
    const Tensor* find(const torch::jit::Value* value) const;
    /// A picture as it is in memory; null for anything else.
    const Tensor* picture(const torch::jit::Value* value) const;
    void define(torch::jit::Value* value, std::unique_ptr<executor::Operation> operation,
                std::vector<executor::Plan::Value> inputs, std::size_t channels,
                bool is_single_pixel);
    bool lower(torch::jit::Node* node);

    // lowering_convolutions.cpp
    bool lower_convolution(torch::jit::Node* node, ConvolutionNode convolution);
    /// A matrix product with constant weights: a convolution of a single pixel.
    bool lower_linear(torch::jit::Node* node);
    void define_convolution(torch::jit::Node* node, const Tensor& from,
                            ConvolutionNode convolution);
    static void add_padding(ConvolutionNode& convolution, const std::vector<std::size_t>& padding);
    Precision precision_of(const Tensor& from, bool is_single_pixel,
                           const torch::jit::Value* result) const;
    /// Takes the activation and the residual that follow a convolution into it.
    /// @return the value that the convolution then gives
    torch::jit::Value* follow(torch::jit::Value* value, executor::Activation& activation,
                              std::vector<executor::Plan::Value>& inputs, std::size_t channels,
                              bool is_single_pixel);
    /// Takes a constant that is added to a product into its bias.
    static torch::jit::Value* follow_bias(torch::jit::Value* value, ConvolutionNode& convolution);
    /// Takes a BatchNorm that follows a convolution into its weights and bias.
    torch::jit::Value* follow_batch_norm(torch::jit::Value* value, ConvolutionNode& convolution);
    torch::jit::Value* follow_activation(torch::jit::Value* value,
                                         executor::Activation& activation);
    /// A picture that does not come from the plan: the network's input, or what LibTorch makes of
    /// it before.
    std::optional<Tensor> outside(const torch::jit::Value* input, ConvolutionNode& convolution);

    // lowering_pictures.cpp
    bool lower_activation(torch::jit::Node* node);
    bool lower_add(torch::jit::Node* node);
    /// One number per channel, for all pixels, is added or multiplied with.
    bool lower_for_each_channel(torch::jit::Node* node,
                                std::unique_ptr<executor::Operation> operation);
    bool lower_concatenation(torch::jit::Node* node);
    bool lower_maximum_pool(torch::jit::Node* node);
    bool lower_upsample(torch::jit::Node* node);
    bool lower_mean(torch::jit::Node* node);

    // lowering_shapes.cpp
    /// Nodes that give the same numbers in another shape. They stay in the graph for LibTorch,
    /// which drops them if nobody there needs them.
    bool lower_shape(torch::jit::Node* node, std::string_view name);

    // lowering_weights.cpp
    /// Supplies the plan with the operations of all convolutions that were found.
    void pack_weights();

    // lowering.cpp
    /// What LibTorch computes in front of the plan, in a graph of its own.
    void split_before();
    /// Values of the plan become inputs of the graph; what computed them goes.
    void split_after();
    /// Takes the decoding of boxes into the plan, if that is what follows it.
    /// @param tensors what the graph behind the plan takes
    bool end_with_boxes(const std::vector<Tensor>& tensors);

    LoweringOptions options_;
    Weights weights_;
    std::shared_ptr<torch::jit::Graph> unchanged_;
    LoweredNetwork network_;
    std::unordered_map<const torch::jit::Value*, Tensor> tensors_;
    std::vector<torch::jit::Value*> owned_;  ///< Values that the plan computes.
    std::unordered_set<const torch::jit::Node*> fused_;
    std::unordered_set<const torch::jit::Value*>
        beyond_;  ///< Values that LibTorch makes of the plan's.
    std::vector<const torch::jit::Value*> sources_;
    std::vector<Unpacked> unpacked_;
};

}  // namespace speciesnet
