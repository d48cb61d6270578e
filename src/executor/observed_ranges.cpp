// SPDX-License-Identifier: Apache-2.0
// Computes one range for each feature map. Excludes the extremes of a few images: a single image
// with far larger values would make the steps between bytes too large for all others.
#include "executor/observed_ranges.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace speciesnet::executor {
namespace {

/// The share of images whose extremes are within the range, at either end.
constexpr double covered = 0.97;

/// Returns the least value that at least the share `covered` of the values do not exceed.
float covering(std::vector<float> numbers) {
    const auto last = static_cast<double>(numbers.size() - 1);
    const auto place = numbers.begin() + static_cast<std::ptrdiff_t>(std::ceil(covered * last));
    std::nth_element(numbers.begin(), place, numbers.end());
    return *place;
}

/// Returns the range of an input's values. Networks receive the bytes of a picture divided by 255
/// (PreparedImage), so that without arithmetic their bytes are exact.
ByteRange input_range(const InputLayout& layout) {
    std::array<float, 2> ends{0, 1};
    for (const auto& step : layout.arithmetic) {
        compute(step, ends);
    }
    return {.least = std::min({0.0F, ends[0], ends[1]}),
            .most = std::max({0.0F, ends[0], ends[1]})};
}

}  // namespace

void ObservedRanges::observe(const Plan& plan, std::size_t step, const ConstPicture& output) {
    steps_.resize(plan.steps().size());
    for (std::size_t image = 0; image < output.size.images; ++image) {
        float least = 0;
        float most = 0;
        for (std::size_t row = 0; row < output.size.height; ++row) {
            for (std::size_t column = 0; column < output.size.width; ++column) {
                const float* const pixel = output.pixel(image, row, column);
                for (std::size_t channel = 0; channel < output.size.channels; ++channel) {
                    least = std::min(least, pixel[channel]);
                    most = std::max(most, pixel[channel]);
                }
            }
        }
        steps_[step].least.push_back(-least);
        steps_[step].most.push_back(most);
    }
}

ByteRange ObservedRanges::usual_range(const Extremes& extremes) {
    const ByteRange range{.least = -covering(extremes.least), .most = covering(extremes.most)};
    // Any range suits a feature map of zeros.
    return range.least < range.most ? range : ByteRange{.least = 0, .most = 1};
}

std::vector<std::vector<ByteRange>> ObservedRanges::byte_ranges(const Plan& plan) const {
    std::vector<std::vector<ByteRange>> buffers;
    for (const auto& buffer : plan.buffers()) {
        buffers.emplace_back(buffer.channels);
    }
    const auto ranges_of = [&](Plan::Value value) {
        const auto& entry = plan.value(value);
        return std::span(buffers[entry.buffer]).subspan(entry.first_channel, entry.channels);
    };
    if (steps_.size() != plan.steps().size()) {
        throw InvalidArgument("the ranges of feature maps are those of another network");
    }
    const auto fill = [](std::span<ByteRange> ranges, const ByteRange& range) {
        if (!is_valid(range)) {
            throw InvalidArgument("a feature map has values that are too large for int8");
        }
        std::ranges::fill(ranges, range);
    };
    for (const auto& input : plan.inputs()) {
        fill(ranges_of(input.value), input_range(input.layout));
    }
    for (std::size_t step = 0; step < steps_.size(); ++step) {
        const auto& [operation, inputs, output] = plan.steps()[step];
        const auto ranges = ranges_of(output);
        if (operation != nullptr && operation->selects_numbers(inputs.size())) {
            std::ranges::copy(ranges_of(inputs[0]), ranges.begin());
        } else {
            fill(ranges, usual_range(steps_[step]));
        }
    }
    return buffers;
}

}  // namespace speciesnet::executor
