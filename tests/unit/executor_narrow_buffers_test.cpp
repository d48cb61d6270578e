// SPDX-License-Identifier: Apache-2.0
// Checks which feature maps of a plan are stored as bfloat16, and which as bytes.
#include "speciesnet/error.hpp"

#include "executor/convolution_choice.hpp"
#include "executor/narrow_buffers.hpp"
#include "executor/observed_ranges.hpp"
#include "executor/pixelwise.hpp"
#include "executor/plan_run.hpp"
#include "executor/pooling.hpp"
#include "executor_fixtures.hpp"
#include "reduced_kernels.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <memory>
#include <span>
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
            use_narrow(plan, Element::bfloat16, [&](std::size_t step, auto inputs, Element output) {
                return takes(ways_.at(step), inputs, output);
            });
        }
        for (const auto& [step, shape] : shapes_) {
            const std::size_t count = shape.outputs * shape.inputs * shape.geometry.taps();
            auto weights = numbers(count, static_cast<std::uint32_t>(step));
            for (auto& weight : weights) {
                weight /= std::sqrt(static_cast<float>(count / shape.outputs));
            }
            plan.supply(
                step, make_convolution(kernels_, ways_.at(step), shape.geometry, weights,
                                       numbers(shape.outputs, 3), Activation::silu, ranges_of(step),
                                       plan.element(plan.steps()[step].output)));
        }
    }

    /// Calibrates all convolutions except those of single pixels, and the one that produces the
    /// result.
    void finish(const ObservedRanges& observed) {
        for (auto& [step, way] : ways_) {
            const auto input = plan.steps()[step].inputs[0];
            const bool is_result = plan.steps()[step].output == plan.kept().front();
            const bool is_of_mean =
                std::any_of(plan.steps().begin(), plan.steps().end(), [&](const Plan::Step& other) {
                    return other.output == input &&
                           dynamic_cast<const GlobalMean*>(other.operation.get()) != nullptr;
                });
            if (!is_result && !is_of_mean) {
                way = ConvolutionWay::calibrated;
            }
        }
        use_narrow(plan, Element::byte, [&](std::size_t step, auto inputs, Element output) {
            return takes(ways_.at(step), inputs, output);
        });
        ranges_ = observed.byte_ranges(plan);
        for (std::size_t buffer = 0; buffer < ranges_.size(); ++buffer) {
            if (plan.buffers()[buffer].element == Element::byte) {
                plan.set_ranges(buffer, ranges_[buffer]);
            }
        }
        finish(false);
    }

private:
    std::span<const ByteRange> ranges_of(std::size_t step) const {
        const auto& entry = plan.value(plan.steps()[step].inputs[0]);
        return ranges_.empty()
                   ? std::span<const ByteRange>()
                   : std::span(ranges_[entry.buffer]).subspan(entry.first_channel, entry.channels);
    }

    const Kernels& kernels_;
    std::vector<std::vector<ByteRange>> ranges_;
    std::map<std::size_t, ConvolutionShape> shapes_;
    std::map<std::size_t, ConvolutionWay> ways_;
};

struct Values {
    Plan::Value input, first, pooled, both, odd, scaled, deep, deeper, all, result;
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
    values.deep = network.convolution({values.scaled}, 32, 3, factors);
    const auto smaller =
        plan.add(std::make_unique<MaximumPool>(ConvolutionGeometry{3, 3, 1, 1, 1, 1, 1, 1}),
                 {values.deep}, 32);
    values.deeper = network.convolution({smaller, values.deep}, 32, 3, factors);
    values.all = plan.concatenate({smaller, values.deeper});
    const auto last = network.convolution({values.all}, 64, 1, factors);
    values.result = network.convolution({last}, 6, 1, factors);
    plan.keep(values.result);
    return values;
}

std::vector<float> answer(const Plan& plan, const Kernels& kernels,
                          const PictureReceiver& receive = {}) {
    const PictureSize size{1, 21, 37, 3};
    const auto input = numbers(size.pixels() * size.channels, 5);
    Workspace workspace(2);
    PlanRun run(plan, kernels, workspace, receive);
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

TEST_CASE("feature maps are bytes where every operation supports it and ranges are known") {
    std::vector<std::vector<float>> answers;
    for (const auto& table : reduced_kernels()) {
        Network plain(table);
        build(plain, Element::float32);
        plain.finish(false);
        ObservedRanges observed;
        const auto expected = answer(
            plain.plan, table, [&](const Plan& plan, std::size_t step, const ConstPicture& output) {
                observed.observe(plan, step, output);
            });

        Network network(table);
        const auto values = build(network, Element::float32);
        network.finish(observed);
        const auto element = [&](Plan::Value value) { return network.plan.element(value); };
        CHECK(element(values.input) == Element::float32);
        CHECK(element(values.first) == Element::byte);
        CHECK(element(values.pooled) == Element::byte);
        CHECK(element(values.both) == Element::byte);
        CHECK(element(values.odd) == Element::float32);
        CHECK(element(values.scaled) == Element::byte);
        CHECK(element(values.result) == Element::float32);
        CHECK(element(values.deep) == Element::byte);
        CHECK(element(values.deeper) == Element::byte);
        CHECK(element(values.all) == Element::byte);
        const auto found = answer(network.plan, table);
        REQUIRE(found.size() == expected.size());
        float largest = 0;
        for (std::size_t i = 0; i < found.size(); ++i) {
            largest = std::max(largest, std::abs(found[i] - expected[i]));
        }
        CHECK(largest < 0.1);
        CHECK(largest > 0);
        answers.push_back(found);
    }
    // Bytes may differ by one if kernels round the sum in different orders.
    for (const auto& found : answers) {
        for (std::size_t i = 0; i < found.size(); ++i) {
            REQUIRE(std::abs(found[i] - answers.front()[i]) < 0.05);
        }
    }
}

TEST_CASE("ranges of another plan are refused, and so are numbers that are not finite") {
    const auto& table = plain_int8_kernels().table();
    Network network(table);
    build(network, Element::float32);
    network.finish(false);
    const auto observe = [&](ObservedRanges& observed, float number) {
        for (std::size_t step = 0; step < network.plan.steps().size(); ++step) {
            const ConstPicture picture{&number, {}, 1, 1, 1};
            observed.observe(network.plan, step, picture);
        }
    };
    ObservedRanges zeros;
    CHECK_THROWS_AS(zeros.byte_ranges(network.plan), InvalidArgument);
    observe(zeros, 0);
    for (const auto& ranges : zeros.byte_ranges(network.plan)) {
        for (const auto& range : ranges) {
            CHECK((range == ByteRange{.least = 0, .most = 1} || range == ByteRange{}));
        }
    }
    CHECK_THROWS_AS(zeros.byte_ranges(Plan()), InvalidArgument);
    ObservedRanges infinite;
    observe(infinite, std::numeric_limits<float>::infinity());
    CHECK_THROWS_AS(infinite.byte_ranges(network.plan), InvalidArgument);
}

TEST_CASE("the extremes of few images are left out of a range") {
    Plan plan;
    const auto input = plan.add_input({.channels = 1});
    plan.keep(plan.add(std::make_unique<Hardswish>(), {input}, 1));
    ObservedRanges observed;
    for (int image = 0; image < 100; ++image) {
        const float number = image < 2 ? 1000.0F : image < 50 ? -2.0F : 3.0F;
        observed.observe(plan, 0, {&number, {}, 1, 1, 1});
    }
    const auto ranges = observed.byte_ranges(plan);
    CHECK(ranges[plan.value(plan.kept().front()).buffer] ==
          std::vector<ByteRange>{{.least = -2, .most = 3}});
}

TEST_CASE("the range of an input is that of the bytes of a picture") {
    using Kind = ScalarArithmetic::Kind;
    Plan plan;
    const auto plain = plan.add_input({.channels = 3});
    const auto centred =
        plan.add_input({.channels = 3, .arithmetic = {{Kind::multiply, 2}, {Kind::add, -1}}});
    const auto far = plan.add_input({.channels = 3, .arithmetic = {{Kind::add, 5}}});
    const auto ranges = ObservedRanges().byte_ranges(plan);
    const auto range = [&](Plan::Value value) { return ranges[plan.value(value).buffer]; };
    CHECK(range(plain) == std::vector<ByteRange>(3, {.least = 0, .most = 1}));
    CHECK(range(centred) == std::vector<ByteRange>(3, {.least = -1, .most = 1}));
    CHECK(range(far) == std::vector<ByteRange>(3, {.least = 0, .most = 6}));
    plan.add_input({.channels = 3, .arithmetic = {{Kind::divide, 0}}});
    CHECK_THROWS_AS(ObservedRanges().byte_ranges(plan), InvalidArgument);
}

TEST_CASE("a plan with only float32 convolutions stays float32") {
    for (const auto& table : reduced_kernels()) {
        Network network(table);
        build(network, Element::float32);
        use_narrow(network.plan, Element::bfloat16, [](std::size_t, auto inputs, Element output) {
            return are_all(inputs, Element::float32) && output == Element::float32;
        });
        for (const auto& buffer : network.plan.buffers()) {
            CHECK(buffer.element == Element::float32);
        }
    }
}
