// SPDX-License-Identifier: Apache-2.0
// Operations that are created from their own records, and records that are refused.
#include "speciesnet/error.hpp"

#include "executor/attention.hpp"
#include "executor/bfloat16_convolution.hpp"
#include "executor/calibrated_convolution.hpp"
#include "executor/convolution.hpp"
#include "executor/distance_boxes.hpp"
#include "executor/grid_boxes.hpp"
#include "executor/int8_convolution.hpp"
#include "executor/pixelwise.hpp"
#include "executor/pooling.hpp"
#include "executor/restore_operation.hpp"
#include "executor_fixtures.hpp"
#include "reduced_kernels.hpp"
#include "run_operation.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace speciesnet::executor;

namespace {

/// An operation, and feature maps that it accepts.
struct Sample {
    std::unique_ptr<Operation> operation;
    std::vector<PictureSize> inputs;
};

constexpr ConvolutionGeometry square{3, 3, 1, 1, 1, 1, 1, 1};
constexpr ConvolutionGeometry uneven{3, 2, 2, 1, 1, 0, 2, 1, 1, 2};

/// Channels that do not fill a vector, and a residual.
template <typename Reduced>
Sample reduced_sample(const Kernels& table) {
    return {std::make_unique<Reduced>(table, square, numbers(std::size_t{21} * 11 * 9, 1),
                                      numbers(21, 2), Activation::silu),
            {{1, 5, 6, 11}, {1, 5, 6, 21}}};
}

/// Samples on bfloat16 feature maps.
std::vector<Sample> bfloat16_samples(const Kernels& table) {
    constexpr auto element = Element::bfloat16;
    const PictureSize size{2, 4, 6, 38, element};
    const PictureSize other{2, 4, 6, 32, element};
    std::vector<Sample> samples;
    samples.push_back(
        {std::make_unique<Bfloat16Convolution>(table, square, numbers(std::size_t{32} * 38 * 9, 1),
                                               numbers(32, 2), Activation::silu, element),
         {size, other}});
    samples.push_back({std::make_unique<Convolution>(
                           table, square, numbers(std::size_t{32} * 32 * 9, 1), numbers(32, 2),
                           Activation::silu, Convolution::Method::winograd, element),
                       {other, other}});
    samples.push_back(
        {std::make_unique<DepthwiseConvolution>(table, uneven, numbers(std::size_t{38} * 6, 3),
                                                numbers(38, 4), Activation::relu, element),
         {size}});
    samples.push_back({std::make_unique<Conversion>(Element::float32), {size}});
    return samples;
}

Sample convolution_sample(const Kernels& table, const ConvolutionGeometry& geometry,
                          std::size_t inputs, std::size_t outputs, Convolution::Method method) {
    return {std::make_unique<Convolution>(table, geometry,
                                          numbers(outputs * inputs * geometry.taps(), 1),
                                          numbers(outputs, 2), Activation::silu, method),
            {{2, 7, 6, inputs}}};
}

/// Returns one sample of each kind that the kernels support.
std::vector<Sample> samples(const Kernels& table) {
    using Method = Convolution::Method;
    const PictureSize size{2, 4, 6, 11};
    const PictureSize single_pixels{.images = 2, .channels = 11};
    std::vector<Sample> samples;
    samples.push_back(convolution_sample(table, uneven, 11, 21, Method::direct));
    samples.push_back(convolution_sample(table, square, 16, 32, Method::winograd));
    samples.push_back({std::make_unique<DepthwiseConvolution>(table, uneven, numbers(11 * 6, 3),
                                                              numbers(11, 4), Activation::relu),
                       {size}});
    samples.push_back({std::make_unique<Pixelwise>(Activation::sigmoid), {size, size}});
    samples.push_back({std::make_unique<Hardswish>(), {size}});
    samples.push_back({std::make_unique<LeakyRelu>(0.1F), {size}});
    samples.push_back({std::make_unique<ChannelScale>(), {size, single_pixels}});
    samples.push_back({std::make_unique<ChannelShift>(), {size, single_pixels}});
    samples.push_back({std::make_unique<NearestUpsample>(3, 2), {size}});
    samples.push_back({std::make_unique<MaximumPool>(uneven), {size}});
    samples.push_back({std::make_unique<AveragePool>(uneven), {size}});
    samples.push_back({std::make_unique<GlobalMean>(), {size}});
    samples.push_back(
        {std::make_unique<GridBoxes>(
             std::vector<GridBoxes::Grid>{{.stride = 8, .anchors = {{1, 2}, {3, 4}}},
                                          {.stride = 16, .anchors = {{.width = 5, .height = 6}}}},
             6),
         {{2, 3, 2, 12}, {2, 1, 2, 6}}});
    samples.push_back(
        {std::make_unique<Attention>(
             Attention::Heads{.count = 2, .key_channels = 3, .value_channels = 4}, 0.5F),
         {{2, 3, 2, 20}}});
    samples.push_back(
        {std::make_unique<DistanceBoxes>(std::vector<float>{8, 16}, std::vector<float>{0, 1, 2}, 2),
         {{2, 3, 2, 12}, {2, 3, 2, 2}, {2, 1, 2, 12}, {2, 1, 2, 2}}});
    if (table.bfloat16 != nullptr) {
        samples.push_back(reduced_sample<Bfloat16Convolution>(table));
        std::ranges::move(bfloat16_samples(table), std::back_inserter(samples));
    }
    if (table.int8 != nullptr) {
        samples.push_back(reduced_sample<Int8Convolution>(table));
        samples.push_back(
            {std::make_unique<CalibratedConvolution>(
                 table, square, numbers(std::size_t{21} * 11 * 9, 1), numbers(21, 2),
                 Activation::silu, std::vector<ByteRange>(11, {.least = -1, .most = 2})),
             {{1, 5, 6, 11}, {1, 5, 6, 21}}});
    }
    return samples;
}

std::vector<Kernels> tables() {
    auto tables = reduced_kernels();
    for (const auto* const set : float32_kernel_sets()) {
        tables.push_back(set->table());
    }
    return tables;
}

/// Calls check(table, sample, its record) for each kind and all kernels.
template <typename Check>
void for_each_sample(const Check& check) {
    for (const auto& table : tables()) {
        for (const auto& sample : samples(table)) {
            const auto record = sample.operation->record();
            CAPTURE(record.kind);
            CAPTURE(table.width);
            check(table, sample, record);
        }
    }
}

std::vector<float> answer(const Operation& operation, const Kernels& table,
                          const std::vector<PictureSize>& sizes) {
    std::vector<std::pair<PictureSize, std::vector<float>>> inputs;
    for (const auto& size : sizes) {
        inputs.emplace_back(size, numbers(size.pixels() * size.channels, 5));
    }
    return run(operation, table, inputs);
}

bool is_refused(const OperationRecord& record, const Kernels& table, std::size_t inputs) {
    try {
        restore_operation(record, table, inputs);
    } catch (const InvalidArgument&) {
        return true;
    }
    return false;
}

/// Returns the first values, or all of them.
Numbers first_of(const Numbers& numbers, std::size_t count) {
    return {numbers.span().first(count), std::make_shared<const Numbers>(numbers)};
}

}  // namespace

TEST_CASE("an operation created from its record gives bit-identical results") {
    for_each_sample([](const Kernels& table, const Sample& sample, const OperationRecord& record) {
        const auto restored = restore_operation(record, table, sample.inputs.size());
        CHECK(restored->name() == sample.operation->name());
        CHECK(restored->flops(sample.inputs) == sample.operation->flops(sample.inputs));
        CHECK(answer(*restored, table, sample.inputs) ==
              answer(*sample.operation, table, sample.inputs));
        CHECK(restored->record().sizes == record.sizes);
    });
}

TEST_CASE("an operation created from a record keeps its values alive") {
    for_each_sample([](const Kernels& table, const Sample& sample, const OperationRecord& record) {
        std::unique_ptr<Operation> restored;
        {
            auto copy = record;
            for (auto& list : copy.numbers) {
                Memory memory(list.size());
                std::copy(list.span().begin(), list.span().end(), memory.data());
                list = Numbers(std::move(memory));
            }
            restored = restore_operation(copy, table, sample.inputs.size());
        }
        CHECK(answer(*restored, table, sample.inputs) ==
              answer(*sample.operation, table, sample.inputs));
    });
}

TEST_CASE("records with too few, too many or invalid sizes are refused") {
    for_each_sample([](const Kernels& table, const Sample& sample, const OperationRecord& record) {
        auto longer = record;
        longer.sizes.push_back(1);
        CHECK(is_refused(longer, table, sample.inputs.size()));
        for (std::size_t i = 0; i < record.sizes.size(); ++i) {
            CAPTURE(i);
            auto shorter = record;
            shorter.sizes.erase(shorter.sizes.begin() + static_cast<std::ptrdiff_t>(i));
            CHECK(is_refused(shorter, table, sample.inputs.size()));
            for (const std::uint64_t size : {(std::uint64_t{1} << 20U) + 1, std::uint64_t{1} << 32U,
                                             std::numeric_limits<std::uint64_t>::max()}) {
                auto large = record;
                large.sizes[i] = size;
                CHECK(is_refused(large, table, sample.inputs.size()));
            }
        }
    });
}

TEST_CASE("records with too few or too many values are refused") {
    for_each_sample([](const Kernels& table, const Sample& sample, const OperationRecord& record) {
        auto more = record;
        more.numbers.emplace_back(Memory(1));
        CHECK(is_refused(more, table, sample.inputs.size()));
        for (std::size_t i = 0; i < record.numbers.size(); ++i) {
            CAPTURE(i);
            auto fewer = record;
            fewer.numbers.erase(fewer.numbers.begin() + static_cast<std::ptrdiff_t>(i));
            CHECK(is_refused(fewer, table, sample.inputs.size()));
            const auto count = record.numbers[i].size();
            auto shorter = record;
            shorter.numbers[i] = first_of(record.numbers[i], count - 1);
            CHECK(is_refused(shorter, table, sample.inputs.size()));
            shorter.numbers[i] = {};
            CHECK(is_refused(shorter, table, sample.inputs.size()));
            auto longer = record;
            longer.numbers[i] = Numbers(Memory(count + 1));
            CHECK(is_refused(longer, table, sample.inputs.size()));
        }
    });
}

TEST_CASE("records with other inputs, and of unknown operations, are refused") {
    for_each_sample([](const Kernels& table, const Sample& sample, const OperationRecord& record) {
        CHECK(is_refused(record, table, 0));
        CHECK(is_refused(record, table, 3));
        auto unknown = record;
        unknown.kind += " of another kind";
        CHECK(is_refused(unknown, table, sample.inputs.size()));
        unknown.kind.clear();
        CHECK(is_refused(unknown, table, sample.inputs.size()));
    });
    const Kernels table;
    CHECK(is_refused(Hardswish().record(), table, 2));
    CHECK(is_refused(LeakyRelu(0.1F).record(), table, 2));
    CHECK(is_refused(ChannelScale().record(), table, 1));
    CHECK(is_refused(ChannelShift().record(), table, 1));
    CHECK(is_refused(MaximumPool(square).record(), table, 2));
    CHECK(is_refused(NearestUpsample(2, 2).record(), table, 2));
    CHECK(is_refused(GlobalMean().record(), table, 2));
}

TEST_CASE("records with a geometry that divides by zero, or without channels, are refused") {
    // Kernel, strides and dilations of a geometry, then channels.
    constexpr std::size_t paddings = 4;
    constexpr std::size_t after_paddings = 8;
    for (const auto* const set : float32_kernel_sets()) {
        const auto sample =
            convolution_sample(set->table(), square, 3, 2, Convolution::Method::direct);
        const auto record = sample.operation->record();
        for (std::size_t i = 0; i < 12; ++i) {
            if (i >= paddings && i < after_paddings) {
                continue;
            }
            CAPTURE(i);
            auto without = record;
            without.sizes[i] = 0;
            CHECK(is_refused(without, set->table(), 1));
        }
    }
    OperationRecord upsample = NearestUpsample(2, 2).record();
    upsample.sizes[1] = 0;
    CHECK(is_refused(upsample, Kernels{}, 1));
}

TEST_CASE("Winograd's method is refused for unsuitable geometries") {
    constexpr ConvolutionGeometry strided{3, 3, 2, 2, 1, 1, 1, 1};
    constexpr ConvolutionGeometry dilated{3, 3, 1, 1, 1, 1, 1, 1, 2, 2};
    for (const auto* const set : float32_kernel_sets()) {
        const auto& table = set->table();
        const auto is_refused_as_winograd = [&](const ConvolutionGeometry& geometry,
                                                std::size_t inputs, std::size_t outputs) {
            const auto sample =
                convolution_sample(table, geometry, inputs, outputs, Convolution::Method::direct);
            auto record = sample.operation->record();
            record.kind = Convolution::kind(Convolution::Method::winograd);
            return is_refused(record, table, 1);
        };
        CHECK_FALSE(is_refused_as_winograd(square, 16, 16));
        CHECK(is_refused_as_winograd(strided, 16, 16));
        CHECK(is_refused_as_winograd(dilated, 16, 16));
        CHECK(is_refused_as_winograd({}, 16, 16));
        CHECK(is_refused_as_winograd(square, 17, 16));
        CHECK(is_refused_as_winograd(square, 16, 15));
    }
}

TEST_CASE("values of fewer bits are refused by kernels without support for them") {
    for (const auto& table : reduced_kernels()) {
        for (const auto& sample : samples(table)) {
            const auto record = sample.operation->record();
            const bool is_bfloat16 = std::any_of(
                sample.inputs.begin(), sample.inputs.end(),
                [](const PictureSize& size) { return size.element == Element::bfloat16; });
            if (is_bfloat16 || record.kind == Int8Convolution::kind ||
                record.kind == Bfloat16Convolution::kind) {
                auto others = table;
                others.int8 = nullptr;
                others.bfloat16 = nullptr;
                CHECK(is_refused(record, others, 2));
            }
        }
    }
}

TEST_CASE("boxes need a position, a size and a confidence") {
    const GridBoxes boxes({{.stride = 8, .anchors = {{.width = 1, .height = 2}}}}, 5);
    auto record = boxes.record();
    CHECK_FALSE(is_refused(record, Kernels{}, 1));
    CHECK(is_refused(record, Kernels{}, 2));
    record.sizes[0] = 4;
    CHECK(is_refused(record, Kernels{}, 1));
    auto without_grids = boxes.record();
    without_grids.sizes = {5, 0};
    without_grids.numbers.clear();
    CHECK(is_refused(without_grids, Kernels{}, 0));
}
