// One walk along the graph. What a convolution is followed by (activation, residual) becomes a part
// of it where nothing else looks at the value in between.
#include "network/lowering.hpp"

#include "executor/convolution.hpp"
#include "executor/pixelwise.hpp"
#include "executor/pooling.hpp"
#include "network/convolution_node.hpp"
#include "network/graph_values.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace speciesnet {
namespace {

using executor::Activation;
using executor::Convolution;
using executor::ConvolutionGeometry;
using executor::Plan;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;

/// A kernel of few channels is merged along its rows up to this many.
constexpr std::size_t most_merged_channels = 32;

std::optional<Activation> activation_of(const Node* node) {
    const auto name = operation_of(node);
    if (name == "silu" || name == "silu_") {
        return Activation::silu;
    }
    if (name == "relu" || name == "relu_") {
        return Activation::relu;
    }
    return name == "sigmoid" || name == "sigmoid_" ? std::optional(Activation::sigmoid)
                                                   : std::nullopt;
}

/// The product in value · sigmoid(value), if that is all that the sigmoid is for.
Node* silu_product(const Value* value, const Node* sigmoid) {
    Node* const product = only_user(sigmoid->output());
    const bool is_product = product != nullptr && operation_of(product) == "mul" &&
                            (product->input(0) == value || product->input(1) == value);
    return is_product ? product : nullptr;
}

bool is_plain_add(const Node* node) {
    return operation_of(node) == "add" && node->inputs().size() == 3 &&
           constant_number(node->input(2)) == 1.0;
}

/// What is known of a tensor that the plan has, or that is the same numbers in another shape.
struct Tensor {
    Plan::Value value = 0;
    std::size_t dimensions = 4;
    bool is_single_pixel = false;
    /// Zeros around it that are not in memory: padding of the convolution that takes it.
    std::vector<std::size_t> padding = {0, 0, 0, 0};  ///< Left, right, top, bottom.

    bool is_padded() const { return padding != std::vector<std::size_t>{0, 0, 0, 0}; }
};

/// Whether weights move from the graph into the plan, one after the other so that there is never
/// room for both, or stay where they are, to see first whether the graph can be lowered at all.
enum class Weights : std::int32_t { left, taken };

class Lowering {
public:
    /// @param graph becomes the graph behind the plan
    Lowering(std::shared_ptr<Graph> graph, const executor::Kernels& kernels, Weights weights)
        : kernels_(kernels), weights_(weights) {
        if (weights == Weights::left) {
            unchanged_ = graph->copy();
        }
        network_.after = std::move(graph);
    }

    std::optional<LoweredNetwork> lower() && {
        for (Node* const node : network_.after->nodes()) {
            if (fused_.contains(node) || node->kind() == c10::prim::Constant) {
                continue;
            }
            if (!node->blocks().empty()) {
                return std::nullopt;
            }
            if (lower(node)) {
                continue;
            }
            if (writes_to_inputs(*node)) {
                return std::nullopt;
            }
            const auto inputs = node->inputs();
            if (std::any_of(inputs.begin(), inputs.end(),
                            [&](const Value* input) { return depends_on_plan(input); })) {
                for (const Value* const output : node->outputs()) {
                    beyond_.insert(output);
                }
            }
        }
        if (network_.plan.steps().empty()) {
            return std::nullopt;
        }
        if (weights_ == Weights::left) {
            split_before();
        }
        split_after();
        const bool uses_module = network_.after->inputs()[0]->hasUses() ||
                                 (network_.before && network_.before->inputs()[0]->hasUses());
        return uses_module ? std::nullopt : std::optional(std::move(network_));
    }

private:
    bool depends_on_plan(const Value* value) const {
        return tensors_.contains(value) || beyond_.contains(value);
    }

    const Tensor* find(const Value* value) const {
        const auto found = tensors_.find(value);
        return found == tensors_.end() ? nullptr : &found->second;
    }

    /// A picture as it is in memory; null for anything else.
    const Tensor* picture(const Value* value) const {
        const Tensor* const tensor = find(value);
        return tensor != nullptr && tensor->dimensions == 4 && !tensor->is_padded() ? tensor
                                                                                    : nullptr;
    }

    bool lower(Node* node) {
        const auto name = operation_of(node);
        if (name.empty() || node->outputs().size() != 1) {
            return false;
        }
        if (const auto convolution = read_convolution(node)) {
            return lower_convolution(node, *convolution);
        }
        if (activation_of(node)) {
            return lower_activation(node);
        }
        if (name == "add") {
            return lower_add(node);
        }
        if (name == "mul") {
            return lower_scale(node);
        }
        if (name == "cat") {
            return lower_concatenation(node);
        }
        if (name == "max_pool2d") {
            return lower_maximum_pool(node);
        }
        if (name == "upsample_nearest2d") {
            return lower_upsample(node);
        }
        if (name == "mean" || name == "adaptive_avg_pool2d") {
            return lower_mean(node);
        }
        return lower_shape(node, name);
    }

    void define(Value* value, std::unique_ptr<executor::Operation> operation,
                std::vector<Plan::Value> inputs, std::size_t channels, bool is_single_pixel) {
        const auto output = network_.plan.add(std::move(operation), std::move(inputs), channels);
        tensors_[value] = {.value = output, .is_single_pixel = is_single_pixel};
        owned_.push_back(value);
    }

    bool lower_convolution(Node* node, ConvolutionNode convolution) {
        const Value* const input = node->input(0);
        Tensor from;
        if (const Tensor* const known = find(input)) {
            if (known->dimensions != 4) {
                return false;
            }
            from = *known;
            if (network_.plan.value(from.value).channels != convolution.inputs()) {
                return false;
            }
            add_padding(convolution, from.padding);
        } else if (const auto source = outside(input, convolution)) {
            from = *source;
        } else {
            return false;
        }
        const bool is_single_pixel =
            from.is_single_pixel && convolution.geometry.taps() == 1 && !from.is_padded();
        std::vector<Plan::Value> inputs{from.value};
        Activation activation = Activation::none;
        Value* const convolved = follow_batch_norm(node->output(), convolution);
        Value* const result =
            follow(convolved, activation, inputs, convolution.outputs(), is_single_pixel);
        define(result, operation(convolution, activation), std::move(inputs), convolution.outputs(),
               is_single_pixel);
        return true;
    }

    static void add_padding(ConvolutionNode& convolution, const std::vector<std::size_t>& padding) {
        convolution.geometry.pad_left += padding[0];
        convolution.geometry.pad_right += padding[1];
        convolution.geometry.pad_top += padding[2];
        convolution.geometry.pad_bottom += padding[3];
    }

    std::unique_ptr<executor::Operation> operation(const ConvolutionNode& convolution,
                                                   Activation activation) const {
        const auto& geometry = convolution.geometry;
        if (convolution.is_depthwise) {
            return std::make_unique<executor::DepthwiseConvolution>(
                kernels_, geometry, convolution.numbers(), convolution.bias, activation);
        }
        const auto method = Convolution::suits_winograd(kernels_, geometry, convolution.inputs(),
                                                        convolution.outputs())
                                ? Convolution::Method::winograd
                                : Convolution::Method::direct;
        return std::make_unique<Convolution>(kernels_, geometry, convolution.numbers(),
                                             convolution.bias, activation, method);
    }

    /// Takes the activation and the residual that follow a convolution into it.
    /// @return the value that the convolution then gives
    Value* follow(Value* value, Activation& activation, std::vector<Plan::Value>& inputs,
                  std::size_t channels, bool is_single_pixel) {
        value = follow_activation(value, activation);
        Node* const sum = only_user(value);
        if (sum == nullptr || !is_plain_add(sum) || sum->input(0) == sum->input(1)) {
            return value;
        }
        const Tensor* const residual =
            picture(sum->input(0) == value ? sum->input(1) : sum->input(0));
        if (residual == nullptr || residual->is_single_pixel != is_single_pixel ||
            network_.plan.value(residual->value).channels != channels) {
            return value;
        }
        fused_.insert(sum);
        inputs.push_back(residual->value);
        return sum->output();
    }

    /// Takes a BatchNorm that follows a convolution into its weights and bias.
    Value* follow_batch_norm(Value* value, ConvolutionNode& convolution) {
        Node* const user = only_user(value);
        if (user == nullptr || !fold_batch_norm(*user, convolution)) {
            return value;
        }
        fused_.insert(user);
        return user->output();
    }

    Value* follow_activation(Value* value, Activation& activation) {
        if (Node* const user = only_user(value)) {
            if (const auto found = activation_of(user)) {
                activation = *found;
                fused_.insert(user);
                return user->output();
            }
            return value;
        }
        if (value->uses().size() == 2) {
            for (const auto& use : value->uses()) {
                Node* const sigmoid = use.user;
                Node* const product =
                    operation_of(sigmoid) == "sigmoid" ? silu_product(value, sigmoid) : nullptr;
                if (product != nullptr) {
                    activation = Activation::silu;
                    fused_.insert(sigmoid);
                    fused_.insert(product);
                    return product->output();
                }
            }
        }
        return value;
    }

    /// A picture that does not come from the plan: the network's input, or what LibTorch makes of
    /// it before.
    std::optional<Tensor> outside(const Value* input, ConvolutionNode& convolution) {
        if (depends_on_plan(input) || convolution.is_depthwise) {
            return std::nullopt;
        }
        const Node* const producer = input->node();
        if (const auto padding = zero_padding(producer)) {
            add_padding(convolution, *padding);
            input = producer->input(0);
        }
        bool channels_first = true;
        const Value* source = input;
        if (operation_of(input->node()) == "permute" &&
            constant_integers(input->node()->input(1)) == std::vector<std::int64_t>{0, 3, 1, 2}) {
            channels_first = false;
            source = input->node()->input(0);
        }
        const bool is_network_input = source == network_.after->inputs()[1];
        if (!is_network_input) {
            channels_first = true;
            source = input;
        }
        executor::InputLayout layout{.channels = convolution.inputs()};
        auto& geometry = convolution.geometry;
        if (convolution.inputs() * geometry.kernel_width <= most_merged_channels) {
            layout.merged = geometry;
            convolution.weights = merged_weights(convolution.weights);
            geometry = {.kernel_height = geometry.kernel_height,
                        .stride_height = geometry.stride_height,
                        .stride_width = geometry.stride_width};
        }
        network_.sources.push_back({.output = std::nullopt, .channels_first = channels_first});
        sources_.push_back(is_network_input ? nullptr : source);
        return Tensor{.value = network_.plan.add_input(layout)};
    }

    bool lower_activation(Node* node) {
        const Tensor* const from = picture(node->input(0));
        if (from == nullptr || writes_to_inputs(*node)) {
            return false;
        }
        auto activation = *activation_of(node);
        Value* result = node->output();
        if (activation == Activation::sigmoid) {
            if (Node* const product = silu_product(node->input(0), node)) {
                activation = Activation::silu;
                fused_.insert(product);
                result = product->output();
            }
        }
        define(result, std::make_unique<executor::Pixelwise>(activation), {from->value},
               network_.plan.value(from->value).channels, from->is_single_pixel);
        return true;
    }

    bool lower_add(Node* node) {
        const Tensor* const first = picture(node->input(0));
        const Tensor* const second = picture(node->input(1));
        if (!is_plain_add(node) || first == nullptr || second == nullptr ||
            first->is_single_pixel != second->is_single_pixel ||
            network_.plan.value(first->value).channels !=
                network_.plan.value(second->value).channels) {
            return false;
        }
        define(node->output(), std::make_unique<executor::Pixelwise>(Activation::none),
               {first->value, second->value}, network_.plan.value(first->value).channels,
               first->is_single_pixel);
        return true;
    }

    bool lower_scale(Node* node) {
        const Tensor* first = picture(node->input(0));
        const Tensor* second = picture(node->input(1));
        if (first == nullptr || second == nullptr) {
            return false;
        }
        if (first->is_single_pixel) {
            std::swap(first, second);
        }
        if (first->is_single_pixel || !second->is_single_pixel ||
            network_.plan.value(first->value).channels !=
                network_.plan.value(second->value).channels) {
            return false;
        }
        define(node->output(), std::make_unique<executor::ChannelScale>(),
               {first->value, second->value}, network_.plan.value(first->value).channels, false);
        return true;
    }

    bool lower_concatenation(Node* node) {
        const Node* const list = node->input(0)->node();
        if (list->kind() != c10::prim::ListConstruct || constant_integer(node->input(1)) != 1) {
            return false;
        }
        std::vector<Plan::Value> parts;
        bool is_single_pixel = true;
        for (const Value* const part : list->inputs()) {
            const Tensor* const tensor = picture(part);
            if (tensor == nullptr ||
                (!parts.empty() && tensor->is_single_pixel != is_single_pixel)) {
                return false;
            }
            is_single_pixel = tensor->is_single_pixel;
            parts.push_back(tensor->value);
        }
        if (parts.empty()) {
            return false;
        }
        tensors_[node->output()] = {.value = network_.plan.concatenate(parts),
                                    .is_single_pixel = is_single_pixel};
        owned_.push_back(node->output());
        return true;
    }

    bool lower_maximum_pool(Node* node) {
        const Tensor* const from = picture(node->input(0));
        const auto kernel = constant_size_pair(node->input(1));
        const auto stride = constant_integers(node->input(2)) == std::vector<std::int64_t>{}
                                ? kernel
                                : constant_size_pair(node->input(2));
        const auto padding = constant_size_pair(node->input(3));
        const auto rounds_up = constant_boolean(node->input(5));
        if (from == nullptr || !kernel || !stride || !padding || !is_one(node->input(4)) ||
            rounds_up != false || kernel->first == 0 || kernel->second == 0 || stride->first == 0 ||
            stride->second == 0) {
            return false;
        }
        const ConvolutionGeometry geometry{.kernel_height = kernel->first,
                                           .kernel_width = kernel->second,
                                           .stride_height = stride->first,
                                           .stride_width = stride->second,
                                           .pad_top = padding->first,
                                           .pad_left = padding->second,
                                           .pad_bottom = padding->first,
                                           .pad_right = padding->second};
        define(node->output(), std::make_unique<executor::MaximumPool>(geometry), {from->value},
               network_.plan.value(from->value).channels, false);
        return true;
    }

    bool lower_upsample(Node* node) {
        const Tensor* const from = picture(node->input(0));
        if (from == nullptr || node->inputs().size() != 3 || !is_none(node->input(1))) {
            return false;
        }
        const auto factors = constant_numbers(node->input(2));
        constexpr double most = 64;
        if (!factors || factors->size() != 2 ||
            std::any_of(factors->begin(), factors->end(), [](double factor) {
                return !(factor >= 1 && factor <= most) ||
                       factor != static_cast<double>(static_cast<int>(factor));
            })) {
            return false;
        }
        define(node->output(),
               std::make_unique<executor::NearestUpsample>(static_cast<std::size_t>((*factors)[0]),
                                                           static_cast<std::size_t>((*factors)[1])),
               {from->value}, network_.plan.value(from->value).channels, false);
        return true;
    }

    bool lower_mean(Node* node) {
        const Tensor* const from = picture(node->input(0));
        if (from == nullptr) {
            return false;
        }
        std::optional<bool> keeps_axes = true;
        if (operation_of(node) == "mean") {
            auto axes = constant_integers(node->input(1));
            if (node->inputs().size() != 4 || !axes || !is_none(node->input(3))) {
                return false;
            }
            for (auto& axis : *axes) {
                axis += axis < 0 ? 4 : 0;
            }
            std::sort(axes->begin(), axes->end());
            keeps_axes = constant_boolean(node->input(2));
            if (*axes != std::vector<std::int64_t>{2, 3} || !keeps_axes) {
                return false;
            }
        } else if (!is_one(node->input(1))) {
            return false;
        }
        define(node->output(), std::make_unique<executor::GlobalMean>(), {from->value},
               network_.plan.value(from->value).channels, true);
        tensors_[node->output()].dimensions = *keeps_axes ? 4 : 2;
        return true;
    }

    static std::optional<std::vector<std::size_t>> zero_padding(const Node* node) {
        if (operation_of(node) != "constant_pad_nd" || constant_number(node->input(2)) != 0.0) {
            return std::nullopt;
        }
        const auto integers = constant_integers(node->input(1));
        if (!integers || integers->size() != 4) {
            return std::nullopt;
        }
        std::vector<std::size_t> padding;
        for (const auto integer : *integers) {
            if (!constant_size(integer)) {
                return std::nullopt;
            }
            padding.push_back(*constant_size(integer));
        }
        return padding;
    }

    /// Nodes that give the same numbers in another shape. They stay in the graph for LibTorch,
    /// which drops them if nobody there needs them.
    bool lower_shape(Node* node, std::string_view name) {
        const Tensor* const from = node->inputs().empty() ? nullptr : find(node->input(0));
        if (from == nullptr || from->is_padded()) {
            return false;
        }
        Tensor result = *from;
        if (const auto padding = zero_padding(node)) {
            if (from->dimensions != 4) {
                return false;
            }
            result.padding = *padding;
        } else if (name == "squeeze" && node->inputs().size() == 2 && from->is_single_pixel) {
            const auto axis = constant_integer(node->input(1));
            const auto dimensions = static_cast<std::int64_t>(from->dimensions);
            if (!axis || (*axis < 0 ? *axis + dimensions : *axis) < 2) {
                return false;
            }
            --result.dimensions;
        } else if ((name == "reshape" || name == "view") && from->is_single_pixel) {
            const auto channels =
                static_cast<std::int64_t>(network_.plan.value(from->value).channels);
            if (constant_integers(node->input(1)) !=
                std::vector<std::int64_t>{-1, channels, 1, 1}) {
                return false;
            }
            result.dimensions = 4;
        } else {
            return false;
        }
        tensors_[node->output()] = result;
        return true;
    }

    /// What LibTorch computes in front of the plan, in a graph of its own.
    void split_before() {
        if (std::all_of(sources_.begin(), sources_.end(),
                        [](const Value* source) { return source == nullptr; })) {
            return;
        }
        network_.before = unchanged_;
        auto& graph = *network_.before;
        while (!graph.outputs().empty()) {
            graph.eraseOutput(0);
        }
        // Copies of a graph have their nodes in the same order.
        std::unordered_map<const Node*, Node*> copies;
        auto copy = graph.nodes().begin();
        for (Node* const node : network_.after->nodes()) {
            copies[node] = *copy;
            ++copy;
        }
        for (std::size_t i = 0; i < sources_.size(); ++i) {
            if (sources_[i] != nullptr) {
                network_.sources[i].output = graph.outputs().size();
                graph.registerOutput(copies.at(sources_[i]->node())->output(sources_[i]->offset()));
            }
        }
        remove_unused_nodes(graph);
    }

    /// Values of the plan become inputs of the graph; what computed them goes.
    void split_after() {
        auto& graph = *network_.after;
        const std::size_t own_inputs = graph.inputs().size();
        std::vector<Tensor> tensors;
        for (Value* const value : owned_) {
            tensors.push_back(tensors_.at(value));
            value->replaceAllUsesWith(graph.addInput());
        }
        remove_unused_nodes(graph);
        for (std::size_t i = tensors.size(); i-- > 0;) {
            if (!graph.inputs()[own_inputs + i]->hasUses()) {
                graph.eraseInput(own_inputs + i);
                tensors.erase(tensors.begin() + static_cast<std::ptrdiff_t>(i));
            }
        }
        for (const auto& tensor : tensors) {
            network_.plan.keep(tensor.value);
            network_.results.push_back({.has_picture_axes = tensor.dimensions == 4});
        }
    }

    const executor::Kernels& kernels_;
    Weights weights_;
    std::shared_ptr<Graph> unchanged_;
    LoweredNetwork network_;
    std::unordered_map<const Value*, Tensor> tensors_;
    std::vector<Value*> owned_;  ///< Values that the plan computes.
    std::unordered_set<const Node*> fused_;
    std::unordered_set<const Value*> beyond_;  ///< Values that LibTorch makes of the plan's.
    std::vector<const Value*> sources_;
};

}  // namespace

std::optional<LoweredNetwork> lower(const std::shared_ptr<Graph>& frozen,
                                    const executor::Kernels& kernels) {
    if (frozen->inputs().size() != 2) {
        return std::nullopt;
    }
    auto tried = Lowering(frozen->copy(), kernels, Weights::left).lower();
    if (!tried) {
        return std::nullopt;
    }
    auto network = Lowering(frozen, kernels, Weights::taken).lower();
    network->before = std::move(tried->before);
    network->sources = std::move(tried->sources);
    return network;
}

}  // namespace speciesnet
