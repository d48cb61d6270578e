// SPDX-License-Identifier: Apache-2.0
// layers: networks of the published ones' layers, YOLOv5x6 and EfficientNetV2-M, with random
// weights, straight from the executor: no file, no package. Prints the time of whole runs and, for
// each kind of operation, the sum of the least times of its operations in any run: what other
// programs of the machine take away falls out of that sum.
#include "executor/bfloat16_buffers.hpp"
#include "executor/convolution_choice.hpp"
#include "executor/pixelwise.hpp"
#include "executor/plan.hpp"
#include "executor/plan_run.hpp"
#include "executor/pooling.hpp"
#include "executor/workspace.hpp"
#include "measure/machine.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace speciesnet;
using namespace speciesnet::executor;

/// From -1 to 1.
class RandomNumbers {
public:
    std::vector<float> next(std::size_t count, float scale) {
        std::vector<float> numbers(count);
        for (auto& number : numbers) {
            state_ = state_ * 1664525U + 1013904223U;
            number =
                (static_cast<float>(state_ >> 8U) / static_cast<float>(1U << 23U) - 1.0F) * scale;
        }
        return numbers;
    }

private:
    std::uint32_t state_ = 1;
};

/// A plan whose convolutions get their weights when all elements are known.
class Network {
public:
    using Value = Plan::Value;

    Network(const Kernels& kernels, Element factors) : kernels_(kernels), factors_(factors) {}

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

    void supply_weights() {
        if (factors_ == Element::bfloat16) {
            use_bfloat16(plan_,
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
                                                bias, convolution.activation,
                                                plan_.element(plan_.steps()[step].output)));
        }
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

Network::Value add_c3(Network& network, Network::Value input, std::size_t outputs, int repeats,
                      bool has_residual) {
    auto left = network.convolution(input, outputs / 2, 1);
    const auto right = network.convolution(input, outputs / 2, 1);
    for (int i = 0; i < repeats; ++i) {
        const auto middle = network.convolution(left, outputs / 2, 1);
        left = network.convolution(middle, outputs / 2, 3, 1, Activation::silu,
                                   has_residual ? std::optional(left) : std::nullopt);
    }
    return network.convolution(network.plan().concatenate({left, right}), outputs, 1);
}

/// YOLOv5x6 without the decoding of its boxes.
void add_detector(Network& network) {
    auto& plan = network.plan();
    auto value = network.first_convolution(80, 6, 2);
    std::vector<Network::Value> backbone;
    for (const auto& [channels, repeats] : std::array<std::pair<std::size_t, int>, 5>{
             {{160, 4}, {320, 8}, {640, 12}, {960, 4}, {1280, 4}}}) {
        value = network.convolution(value, channels, 3, 2);
        value = add_c3(network, value, channels, repeats, true);
        backbone.push_back(value);
    }
    std::vector pools{network.convolution(value, 640, 1)};
    for (int i = 0; i < 3; ++i) {
        pools.push_back(network.other<MaximumPool>({pools.back()}, Network::square(5, 1)));
    }
    value = network.convolution(plan.concatenate(pools), 1280, 1);
    std::vector<Network::Value> heads;
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

Network::Value add_block(Network& network, Network::Value input, const Stage& stage,
                         std::size_t stride) {
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

/// EfficientNetV2-M with SpeciesNet's labels.
void add_classifier(Network& network) {
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

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void measure(const Plan& plan, const Kernels& kernels, int threads, const PictureSize& size,
             int runs) {
    Workspace workspace(threads);
    PlanRun run(plan, kernels, workspace);
    const auto input = RandomNumbers().next(size.pixels() * size.channels, 1);
    const std::vector pictures{dense_pictures(input.data(), size, false)};
    std::vector<double> whole;
    std::vector<OperationTiming> least;
    for (int i = 0; i < runs; ++i) {
        std::size_t step = 0;
        const auto start = std::chrono::steady_clock::now();
        run.run(pictures, [&](const OperationTiming& timing) {
            if (i == 0) {
                least.push_back(timing);
            }
            least[step].seconds = std::min(least[step].seconds, timing.seconds);
            ++step;
        });
        whole.push_back(seconds_since(start));
    }
    std::sort(whole.begin(), whole.end());

    struct Sum {
        int count = 0;
        double seconds = 0;
        double flops = 0;
    };
    std::map<std::string, Sum> sums;
    Sum all;
    for (const auto& timing : least) {
        for (Sum* const sum :
             {&all, &sums[timing.name + " at " + std::to_string(timing.output.height) + "x" +
                          std::to_string(timing.output.width)]}) {
            ++sum->count;
            sum->seconds += timing.seconds;
            sum->flops += timing.flops;
        }
    }
    std::printf("%d runs, %d threads: best %.1f ms, median %.1f ms; operations' best %.1f ms\n",
                runs, threads, whole.front() * 1e3, whole[whole.size() / 2] * 1e3,
                all.seconds * 1e3);
    std::vector<std::pair<std::string, Sum>> sorted(sums.begin(), sums.end());
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return a.second.seconds > b.second.seconds; });
    for (const auto& [name, sum] : sorted) {
        std::printf("%8.2f ms  %3d x  %7.1f GFLOP/s  %s\n", sum.seconds * 1e3, sum.count,
                    sum.flops / sum.seconds * 1e-9, name.c_str());
    }
}

int usage() {
    std::fprintf(stderr,
                 "usage: layers detector|classifier KERNELS float32|bfloat16 THREADS RUNS\n"
                 "e.g.   layers detector amx bfloat16 2 10\n");
    return 2;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 6) {
        return usage();
    }
    const bool is_detector = arguments[1] == std::string_view("detector");
    const bool is_float32 = arguments[3] == std::string_view("float32");
    const auto* const set =
        find_kernel_set(arguments[2], is_float32 ? Precision::float32 : Precision::bfloat16);
    const int threads = std::atoi(arguments[4]);
    const int runs = std::atoi(arguments[5]);
    if (set == nullptr || !set->supported() || threads < 1 || runs < 1) {
        return usage();
    }
    std::printf("%s, %s, %s: ", benchmark::cpu_name().c_str(), arguments[1], arguments[3]);
    const auto& kernels = set->table();
    Network network(kernels, is_float32 ? Element::float32 : Element::bfloat16);
    is_detector ? add_detector(network) : add_classifier(network);
    network.supply_weights();
    const PictureSize size =
        is_detector ? PictureSize{1, 960, 1280, 3} : PictureSize{1, 480, 480, 3};
    measure(network.plan(), kernels, threads, size, runs);
    return 0;
}
