// SPDX-License-Identifier: Apache-2.0
// Which feature maps of a plan are stored as bfloat16.
#include "executor/bfloat16_buffers.hpp"
#include "executor/convolution_choice.hpp"
#include "executor/pixelwise.hpp"
#include "executor/plan_run.hpp"
#include "executor/pooling.hpp"
#include "executor_fixtures.hpp"
#include "reduced_kernels.hpp"

#include <cmath>
#include <cstddef>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace speciesnet::executor;

namespace {

/// A plan whose convolutions receive their operations at the end.
class Network {
public:
    explicit Network(const Kernels& kernels) : kernels_(kernels) {}

    Plan plan;

    Plan::Value convolution(std::vector<Plan::Value> inputs, std::size_t outputs,
                            std::size_t kernel, Element factors) {
        const std::size_t pad = kernel / 2;
        const ConvolutionGeometry geometry{kernel, kernel, 1, 1, pad, pad, pad, pad};
        const std::size_t channels = plan.value(inputs.front()).channels;
        const auto value = plan.add(nullptr, std::move(inputs), outputs);
        shapes_[plan.steps().size() - 1] = {geometry, channels, outputs, false};
        ways_[plan.steps().size() - 1] =
            choose_way(kernels_, shapes_[plan.steps().size() - 1], factors);
        return value;
    }

    void finish(bool with_bfloat16) {
        if (with_bfloat16) {
            use_bfloat16(plan, [&](std::size_t step, auto inputs, Element output) {
                return takes(ways_.at(step), inputs, output);
            });
        }
        for (const auto& [step, shape] : shapes_) {
            const std::size_t count = shape.outputs * shape.inputs * shape.geometry.taps();
            auto weights = numbers(count, static_cast<std::uint32_t>(step));
            for (auto& weight : weights) {
                weight /= std::sqrt(static_cast<float>(count / shape.outputs));
            }
            plan.supply(step, make_convolution(kernels_, ways_.at(step), shape.geometry, weights,
                                               numbers(shape.outputs, 3), Activation::silu,
                                               plan.element(plan.steps()[step].output)));
        }
    }

private:
    const Kernels& kernels_;
    std::map<std::size_t, ConvolutionShape> shapes_;
    std::map<std::size_t, ConvolutionWay> ways_;
};

struct Values {
    Plan::Value input, first, pooled, both, odd, scaled, result;
};

/// A network with the structures of detectors and classifiers.
Values build(Network& network, Element factors) {
    auto& plan = network.plan;
    Values values{};
    values.input = plan.add_input({.channels = 3});
    values.first = network.convolution({values.input}, 48, 3, factors);
    values.pooled =
        plan.add(std::make_unique<MaximumPool>(ConvolutionGeometry{3, 3, 1, 1, 1, 1, 1, 1}),
                 {values.first}, 48);
    const auto second = network.convolution({values.pooled, values.first}, 48, 3, factors);
    values.both = plan.concatenate({values.pooled, second});
    values.odd = network.convolution({values.both}, 15, 1, factors);
    const auto third = network.convolution({values.odd}, 96, 1, factors);
    const auto mean = plan.add(std::make_unique<GlobalMean>(), {third}, 96);
    const auto scale = network.convolution({mean}, 96, 1, Element::float32);
    values.scaled = plan.add(std::make_unique<ChannelScale>(), {third, scale}, 96);
    values.result = network.convolution({values.scaled}, 6, 1, factors);
    plan.keep(values.result);
    return values;
}

std::vector<float> answer(const Plan& plan, const Kernels& kernels) {
    const PictureSize size{1, 21, 37, 3};
    const auto input = numbers(size.pixels() * size.channels, 5);
    Workspace workspace(2);
    PlanRun run(plan, kernels, workspace);
    const auto pictures = dense_pictures(input.data(), size, true);
    const auto result = run.run(std::span(&pictures, 1)).front();
    return {result.data, result.data + result.size.pixels() * result.size.channels};
}

}  // namespace

TEST_CASE("feature maps are bfloat16 where every operation supports it") {
    for (const auto& table : reduced_kernels()) {
        if (table.bfloat16 == nullptr) {
            continue;
        }
        Network network(table);
        const auto values = build(network, Element::bfloat16);
        network.finish(true);
        const auto element = [&](Plan::Value value) { return network.plan.element(value); };
        CHECK(element(values.input) == Element::float32);
        CHECK(element(values.first) == Element::bfloat16);
        CHECK(element(values.pooled) == Element::bfloat16);
        CHECK(element(values.both) == Element::bfloat16);
        CHECK(element(values.odd) == Element::float32);
        CHECK(element(values.scaled) == Element::bfloat16);
        CHECK(element(values.result) == Element::float32);

        Network plain(table);
        build(plain, Element::float32);
        plain.finish(false);
        const auto expected = answer(plain.plan, table);
        const auto found = answer(network.plan, table);
        REQUIRE(found.size() == expected.size());
        float largest = 0;
        for (std::size_t i = 0; i < found.size(); ++i) {
            largest = std::max(largest, std::abs(found[i] - expected[i]));
        }
        CHECK(largest < 0.03);
        CHECK(largest > 0);
    }
}

TEST_CASE("a plan with only float32 convolutions stays float32") {
    for (const auto& table : reduced_kernels()) {
        Network network(table);
        build(network, Element::float32);
        use_bfloat16(network.plan, [](std::size_t, auto inputs, Element output) {
            return are_all(inputs, Element::float32) && output == Element::float32;
        });
        for (const auto& buffer : network.plan.buffers()) {
            CHECK(buffer.element == Element::float32);
        }
    }
}
