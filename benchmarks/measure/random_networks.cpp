// SPDX-License-Identifier: Apache-2.0
#include "measure/random_networks.hpp"

#include "executor/narrow_buffers.hpp"
#include "executor/pixelwise.hpp"
#include "executor/pooling.hpp"

#include <array>
#include <cmath>
#include <memory>
#include <utility>

namespace speciesnet::benchmark {
namespace {

using namespace executor;

/// A plan whose convolutions get their weights when all elements are known.
class NetworkBuilder {
public:
    using Value = Plan::Value;

    NetworkBuilder(const Kernels& kernels, Element factors)
        : kernels_(kernels), factors_(factors) {}

    Plan& plan() { return plan_; }
    std::size_t channels(Value value) const { return plan_.value(value).channels; }

    /// The first layer, which sees the pixels under a row of its kernel as one.
    Value first_convolution(std::size_t outputs, std::size_t side, std::size_t padding) {
        const ConvolutionGeometry whole{side, side, 2, 2, padding, padding, padding, padding};
        const auto input = plan_.add_input({.merged = whole});
        return add({.geometry = {.kernel_height = side, .stride_height = 2, .stride_width = 2},
                    .inputs = channels(input),
                    .outputs = outputs},
                   Activation::silu, {input});
    }
    Value convolution(Value input, std::size_t outputs, std::size_t side, std::size_t stride = 1,
                      Activation activation = Activation::silu,
                      std::optional<Value> residual = std::nullopt) {
        std::vector<Value> inputs{input};
        if (residual) {
            inputs.push_back(*residual);
        }
        return add(
            {.geometry = square(side, stride), .inputs = channels(input), .outputs = outputs},
            activation, std::move(inputs));
    }
    Value depthwise(Value input, std::size_t stride) {
        return add({.geometry = square(3, stride),
                    .inputs = channels(input),
                    .outputs = channels(input),
                    .is_depthwise = true},
                   Activation::silu, {input});
    }
    template <typename Other, typename... Arguments>
    Value other(std::vector<Value> inputs, const Arguments&... arguments) {
        const auto count = channels(inputs.front());
        return plan_.add(std::make_unique<Other>(arguments...), std::move(inputs), count);
    }

    /// Ends the building: gives the convolutions their weights.
    Plan take_plan() {
        if (factors_ == Element::bfloat16) {
            use_narrow(plan_, Element::bfloat16,
                       [&](std::size_t step, std::span<const Element> inputs, Element output) {
                           return takes(convolutions_.at(step).way, inputs, output);
                       });
        }
        RandomNumbers random;
        for (const auto& [step, convolution] : convolutions_) {
            const auto& shape = convolution.shape;
            const std::size_t sums =
                (shape.is_depthwise ? 1 : shape.inputs) * shape.geometry.taps();
            // So that numbers stay about as large from layer to layer.
            const float scale = 1.7F / std::sqrt(static_cast<float>(sums));
            const auto weights = random.next(shape.outputs * sums, scale);
            const auto bias = random.next(shape.outputs, 0.1F);
            plan_.supply(step, make_convolution(kernels_, convolution.way, shape.geometry, weights,
                                                bias, convolution.activation, {},
                                                plan_.element(plan_.steps()[step].output)));
        }
        return std::move(plan_);
    }

    static ConvolutionGeometry square(std::size_t side, std::size_t stride) {
        const std::size_t padding = side / 2;
        return {side, side, stride, stride, padding, padding, padding, padding};
    }

private:
    struct Unsupplied {
        ConvolutionShape shape;
        ConvolutionWay way;
        Activation activation;
    };

    Value add(const ConvolutionShape& shape, Activation activation, std::vector<Value> inputs) {
        convolutions_.emplace(plan_.steps().size(),
                              Unsupplied{shape, choose_way(kernels_, shape, factors_), activation});
        return plan_.add(nullptr, std::move(inputs), shape.outputs);
    }

    const Kernels& kernels_;
    Element factors_;
    Plan plan_;
    std::map<std::size_t, Unsupplied> convolutions_;
};

NetworkBuilder::Value add_c3(NetworkBuilder& network, NetworkBuilder::Value input,
                             std::size_t outputs, int repeats, bool has_residual) {
    auto left = network.convolution(input, outputs / 2, 1);
    const auto right = network.convolution(input, outputs / 2, 1);
    for (int i = 0; i < repeats; ++i) {
        const auto middle = network.convolution(left, outputs / 2, 1);
        left = network.convolution(middle, outputs / 2, 3, 1, Activation::silu,
                                   has_residual ? std::optional(left) : std::nullopt);
    }
    return network.convolution(network.plan().concatenate({left, right}), outputs, 1);
}

void add_detector(NetworkBuilder& network) {
    auto& plan = network.plan();
    auto value = network.first_convolution(80, 6, 2);
    std::vector<NetworkBuilder::Value> backbone;
    for (const auto& [channels, repeats] : std::array<std::pair<std::size_t, int>, 5>{
             {{160, 4}, {320, 8}, {640, 12}, {960, 4}, {1280, 4}}}) {
        value = network.convolution(value, channels, 3, 2);
        value = add_c3(network, value, channels, repeats, true);
        backbone.push_back(value);
    }
    std::vector pools{network.convolution(value, 640, 1)};
    for (int i = 0; i < 3; ++i) {
        pools.push_back(network.other<MaximumPool>({pools.back()}, NetworkBuilder::square(5, 1)));
    }
    value = network.convolution(plan.concatenate(pools), 1280, 1);
    std::vector<NetworkBuilder::Value> heads;
    for (const std::size_t level : {3, 2, 1}) {
        const auto channels = network.channels(backbone[level]);
        heads.push_back(network.convolution(value, channels, 1));
        const auto up =
            network.other<NearestUpsample>({heads.back()}, std::size_t{2}, std::size_t{2});
        value = add_c3(network, plan.concatenate({up, backbone[level]}), channels, 4, false);
    }
    std::vector outputs{value};
    for (const std::size_t channels : {640, 960, 1280}) {
        const auto down = network.convolution(value, network.channels(heads.back()), 3, 2);
        value = add_c3(network, plan.concatenate({down, heads.back()}), channels, 4, false);
        heads.pop_back();
        outputs.push_back(value);
    }
    for (const auto output : outputs) {
        plan.keep(network.convolution(output, 24, 1, 1, Activation::none));
    }
}

struct Stage {
    bool is_fused;  ///< Without depthwise layers.
    std::size_t channels;
    std::size_t expansion;
    int repeats;
    std::size_t stride;
};

NetworkBuilder::Value add_block(NetworkBuilder& network, NetworkBuilder::Value input,
                                const Stage& stage, std::size_t stride) {
    const auto channels = network.channels(input);
    const auto wide = channels * stage.expansion;
    const auto residual =
        stride == 1 && channels == stage.channels ? std::optional(input) : std::nullopt;
    if (stage.expansion == 1) {
        return network.convolution(input, wide, 3, stride, Activation::silu, residual);
    }
    if (stage.is_fused) {
        const auto expanded = network.convolution(input, wide, 3, stride);
        return network.convolution(expanded, stage.channels, 1, 1, Activation::none, residual);
    }
    const auto expanded = network.depthwise(network.convolution(input, wide, 1), stride);
    const auto squeezed =
        network.convolution(network.other<GlobalMean>({expanded}), channels / 4, 1);
    const auto scale = network.convolution(squeezed, wide, 1, 1, Activation::sigmoid);
    const auto scaled = network.other<ChannelScale>({expanded, scale});
    return network.convolution(scaled, stage.channels, 1, 1, Activation::none, residual);
}

void add_classifier(NetworkBuilder& network) {
    auto value = network.first_convolution(24, 3, 1);
    for (const auto& stage : std::array<Stage, 7>{{{true, 24, 1, 3, 1},
                                                   {true, 48, 4, 5, 2},
                                                   {true, 80, 4, 5, 2},
                                                   {false, 160, 4, 7, 2},
                                                   {false, 176, 6, 14, 1},
                                                   {false, 304, 6, 18, 2},
                                                   {false, 512, 6, 5, 1}}}) {
        for (int i = 0; i < stage.repeats; ++i) {
            value = add_block(network, value, stage, i == 0 ? stage.stride : 1);
        }
    }
    const auto mean = network.other<GlobalMean>({network.convolution(value, 1280, 1)});
    network.plan().keep(network.convolution(mean, 2498, 1, 1, Activation::none));
}

}  // namespace

std::vector<float> RandomNumbers::next(std::size_t count, float scale) {
    std::vector<float> numbers(count);
    for (auto& number : numbers) {
        state_ = state_ * 1664525U + 1013904223U;
        number = (static_cast<float>(state_ >> 8U) / static_cast<float>(1U << 23U) - 1.0F) * scale;
    }
    return numbers;
}

RandomNetwork random_detector(const Kernels& kernels, Element factors) {
    NetworkBuilder network(kernels, factors);
    add_detector(network);
    return {network.take_plan(), {1, 960, 1280, 3}};
}

RandomNetwork random_classifier(const Kernels& kernels, Element factors) {
    NetworkBuilder network(kernels, factors);
    add_classifier(network);
    return {network.take_plan(), {1, 480, 480, 3}};
}

}  // namespace speciesnet::benchmark
