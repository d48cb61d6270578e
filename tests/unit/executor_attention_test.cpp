// SPDX-License-Identifier: Apache-2.0
// Compares softmax and attention with their definitions in double precision.
#include "executor/attention.hpp"
#include "executor_fixtures.hpp"
#include "run_operation.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet::executor;

namespace {

constexpr Attention::Heads heads{.count = 2, .key_channels = 3, .value_channels = 5};
constexpr float scale = 0.5F;

std::vector<double> softmax(const std::vector<double>& logits) {
    const double largest = *std::max_element(logits.begin(), logits.end());
    std::vector<double> weights;
    double sum = 0;
    for (const double logit : logits) {
        weights.push_back(std::exp(logit - largest));
        sum += weights.back();
    }
    for (double& weight : weights) {
        weight /= sum;
    }
    return weights;
}

/// Computes the output of a head for one pixel.
std::vector<double> attended(const std::vector<float>& pixels, std::size_t channels,
                             std::size_t head, std::size_t pixel) {
    const auto number = [&](std::size_t from, std::size_t channel) {
        return static_cast<double>(pixels[from * channels + head * heads.channels() + channel]);
    };
    std::vector<double> logits;
    for (std::size_t other = 0; other < pixels.size() / channels; ++other) {
        double product = 0;
        for (std::size_t i = 0; i < heads.key_channels; ++i) {
            product += number(pixel, i) * number(other, heads.key_channels + i);
        }
        logits.push_back(product * scale);
    }
    const auto weights = softmax(logits);
    std::vector<double> values(heads.value_channels);
    for (std::size_t other = 0; other < weights.size(); ++other) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            values[i] += weights[other] * number(other, 2 * heads.key_channels + i);
        }
    }
    return values;
}

}  // namespace

TEST_CASE("softmax handles any number of values, however large they are") {
    for (const auto* const set : float32_kernel_sets()) {
        for (const std::size_t count : {1U, 2U, 3U, 4U, 15U, 16U, 17U, 33U, 400U}) {
            for (const float size : {1.0F, 30.0F, 1e6F}) {
                CAPTURE(count);
                auto found = numbers(count, 7);
                for (auto& number : found) {
                    number *= size;
                }
                const auto expected = softmax({found.begin(), found.end()});
                set->table().softmax(found.data(), count);
                for (std::size_t i = 0; i < count; ++i) {
                    REQUIRE(std::abs(found[i] - expected[i]) < 3e-7);
                }
            }
        }
        std::vector<float> same(40, std::numeric_limits<float>::max());
        set->table().softmax(same.data(), same.size());
        CHECK(same.front() == doctest::Approx(1.0 / 40));
        CHECK(same.back() == doctest::Approx(1.0 / 40));
    }
}

TEST_CASE("each head mixes its values with the softmax of its queries and keys") {
    const Attention operation(heads, scale);
    const std::size_t channels = heads.count * heads.channels();
    const PictureSize size{2, 5, 7, channels};
    auto input = numbers(size.pixels() * channels, 3);
    for (auto& number : input) {
        number *= 3;
    }
    const std::vector<PictureSize> sizes{size};
    CHECK(operation.output_size(sizes) == PictureSize{2, 5, 7, 10});
    CHECK(operation.flops(sizes) == 2.0 * 35 * 35 * 8 * 2 * 2);
    for (const auto* const set : float32_kernel_sets()) {
        const auto output = run(operation, set->table(), {{size, input}});
        const float* found = output.data();
        for (std::size_t image = 0; image < 2; ++image) {
            const auto first = input.begin() + static_cast<std::ptrdiff_t>(image * 35 * channels);
            const std::vector<float> pixels(first,
                                            first + static_cast<std::ptrdiff_t>(35 * channels));
            for (std::size_t pixel = 0; pixel < 35; ++pixel) {
                for (std::size_t head = 0; head < heads.count; ++head) {
                    for (const double expected : attended(pixels, channels, head, pixel)) {
                        REQUIRE(std::abs(*found++ - expected) < 3e-6);
                    }
                }
            }
        }
        CHECK(found == output.data() + output.size());
    }
}

TEST_CASE("a feature map whose channels do not match the heads is refused") {
    const Attention operation(heads, scale);
    CHECK_THROWS(operation.output_size(std::vector<PictureSize>{{1, 5, 7, 21}}));
}
