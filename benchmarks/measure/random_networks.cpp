// SPDX-License-Identifier: Apache-2.0
#include "measure/random_networks.hpp"

#include "executor/observed_ranges.hpp"
#include "executor/pixelwise.hpp"
#include "executor/plan_run.hpp"
#include "executor/pooling.hpp"
#include "executor/workspace.hpp"
#include "lowering/packing.hpp"
#include "lowering/weights.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

namespace speciesnet::benchmark {
namespace {

using namespace executor;

/// A plan whose convolutions get their weights when all elements are known.
class NetworkBuilder {
public:
    using Value = Plan::Value;

    explicit NetworkBuilder(const lowering::Options& options) : options_(options) {}

    Plan& plan() { return plan_; }
    std::size_t channels(Value value) const { return plan_.value(value).channels; }

    /// The first layer, which sees the pixels under a row of its kernel as one.
    Value first_convolution(std::size_t outputs, std::size_t side, std::size_t padding) {
        const ConvolutionGeometry whole{side, side, 2, 2, padding, padding, padding, padding};
        const auto input = plan_.add_input({.merged = whole});
        return add({.kernel_height = side, .stride_height = 2, .stride_width = 2}, outputs,
                   Activation::silu, {input});
    }
    Value convolution(Value input, std::size_t outputs, std::size_t side, std::size_t stride = 1,
                      Activation activation = Activation::silu,
                      std::optional<Value> residual = std::nullopt) {
        std::vector<Value> inputs{input};
        if (residual) {
            inputs.push_back(*residual);
        }
        return add(square(side, stride), outputs, activation, std::move(inputs));
    }
    Value depthwise(Value input, std::size_t stride) {
        return add(square(3, stride), channels(input), Activation::silu, {input}, true);
    }
    Value mean(Value input) {
        const auto value = other<GlobalMean>({input});
        single_pixels_.insert(value);
        return value;
    }
    template <typename Other, typename... Arguments>
    Value other(std::vector<Value> inputs, const Arguments&... arguments) {
        const auto count = channels(inputs.front());
        return plan_.add(std::make_unique<Other>(arguments...), std::move(inputs), count);
    }

    /// Ends the building: gives the convolutions their weights.
    Plan take_plan() {
        RandomNumbers random;
        for (auto& [step, convolution, precision] : convolutions_) {
            const auto& [operation, inputs, output] = plan_.steps()[step];
            const auto shape = convolution.weights.shape;
            const auto sums = static_cast<std::size_t>(shape[1] * shape[2] * shape[3]);
            // So that numbers stay about as large from layer to layer.
            const float scale = 1.7F / std::sqrt(static_cast<float>(sums));
            convolution.weights =
                lowering::tensor_of(random.next(convolution.outputs() * sums, scale), shape);
            convolution.bias = random.next(convolution.outputs(), 0.1F);
            precision =
                stays_float32(inputs.front(), output) ? Precision::float32 : options_.precision;
        }
        lowering::pack(std::move(convolutions_), options_, plan_);
        return std::move(plan_);
    }

    static ConvolutionGeometry square(std::size_t side, std::size_t stride) {
        const std::size_t padding = side / 2;
        return {side, side, stride, stride, padding, padding, padding, padding};
    }

private:
    Value add(const ConvolutionGeometry& geometry, std::size_t outputs, Activation activation,
              std::vector<Value> inputs, bool is_depthwise = false) {
        const auto as_size = [](std::size_t number) { return static_cast<std::int64_t>(number); };
        const auto input = inputs.front();
        lowering::PlannedConvolution planned;
        planned.step = plan_.steps().size();
        planned.convolution.weights.shape = {
            as_size(outputs), is_depthwise ? 1 : as_size(channels(input)),
            as_size(geometry.kernel_height), as_size(geometry.kernel_width)};
        planned.convolution.bias.resize(outputs);
        planned.convolution.geometry = geometry;
        planned.convolution.is_depthwise = is_depthwise;
        planned.convolution.activation = activation;
        convolutions_.push_back(std::move(planned));
        const auto value = plan_.add(nullptr, std::move(inputs), outputs);
        if (single_pixels_.contains(input)) {
            single_pixels_.insert(value);
        }
        return value;
    }

    /// The choice of the lowering (lowering::Options::precision).
    bool stays_float32(Value input, Value output) const {
        const bool is_input = input == plan_.inputs().front().value && options_.ranges == nullptr;
        const bool is_at_border = is_input || std::ranges::count(plan_.kept(), output) > 0;
        return single_pixels_.contains(input) ||
               (is_at_border && options_.precision == Precision::int8);
    }

    const lowering::Options& options_;
    Plan plan_;
    std::set<Value> single_pixels_;
    std::vector<lowering::PlannedConvolution> convolutions_;
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
    const auto squeezed = network.convolution(network.mean(expanded), channels / 4, 1);
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
    const auto mean = network.mean(network.convolution(value, 1280, 1));
    network.plan().keep(network.convolution(mean, 2498, 1, 1, Activation::none));
}

RandomNetwork network_of(bool is_detector, const KernelSet& kernels,
                         const ObservedRanges* ranges = nullptr) {
    const lowering::Options options{
        .kernels = kernels.table(), .precision = kernels.precision, .ranges = ranges};
    NetworkBuilder network(options);
    is_detector ? add_detector(network) : add_classifier(network);
    const auto size = is_detector ? PictureSize{1, 960, 1280, 3} : PictureSize{1, 480, 480, 3};
    return {kernels, network.take_plan(), size};
}

ObservedRanges observe(const RandomNetwork& network) {
    ObservedRanges ranges;
    Workspace workspace(1);
    PlanRun run(network.plan, network.kernels.table(), workspace,
                [&](const Plan& plan, std::size_t step, const ConstPicture& output) {
                    ranges.observe(plan, step, output);
                });
    const auto input = RandomNumbers().next(network.input.pixels() * network.input.channels, 1);
    run.run(std::vector{dense_pictures(input.data(), network.input, false)});
    return ranges;
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

std::optional<RandomNetwork> random_network(std::span<char* const, 3> arguments) {
    const std::string_view network = arguments[0];
    const std::string_view factors = arguments[2];
    const bool is_calibrated = factors == "calibrated";
    Precision precision = Precision::float32;
    if (factors == "bfloat16") {
        precision = Precision::bfloat16;
    } else if (factors == "int8" || is_calibrated) {
        precision = Precision::int8;
    } else if (factors != "float32") {
        return std::nullopt;
    }
    const auto* const set = find_kernel_set(arguments[1], precision);
    const bool is_detector = network == "detector";
    if (set == nullptr || !set->supported() || (!is_detector && network != "classifier")) {
        return std::nullopt;
    }
    if (!is_calibrated) {
        return network_of(is_detector, *set);
    }
    const auto ranges = observe(network_of(is_detector, *best_kernel_set(Precision::float32)));
    return network_of(is_detector, *set, &ranges);
}

}  // namespace speciesnet::benchmark
