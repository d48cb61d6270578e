// SPDX-License-Identifier: Apache-2.0
// Compares boxes of distances with their definition in double precision.
#include "executor/distance_boxes.hpp"
#include "executor_fixtures.hpp"
#include "run_operation.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet::executor;

namespace {

const std::vector<float> strides{8, 16};
const std::vector<float> bins{0, 1, 2.5F};
constexpr std::size_t classes = 2;
const std::vector<PictureSize> sizes{
    {2, 3, 5, 12}, {2, 3, 5, classes}, {2, 2, 1, 12}, {2, 2, 1, classes}};

std::vector<float> logits(std::size_t input) {
    auto values =
        numbers(sizes[input].pixels() * sizes[input].channels, static_cast<std::uint32_t>(input));
    for (auto& value : values) {
        value *= 9;
    }
    return values;
}

double distance(const float* side) {
    double sum = 0;
    double weights = 0;
    for (std::size_t i = 0; i < bins.size(); ++i) {
        const double weight = std::exp(static_cast<double>(side[i]));
        sum += weight * bins[i];
        weights += weight;
    }
    return sum / weights;
}

std::vector<double> box(double row, double column, double stride, const float* distances,
                        const float* scores) {
    std::array<double, 4> d{};
    for (std::size_t side = 0; side < d.size(); ++side) {
        d[side] = distance(distances + side * bins.size());
    }
    std::vector<double> box{(column + 0.5 + (d[2] - d[0]) / 2) * stride,
                            (row + 0.5 + (d[3] - d[1]) / 2) * stride, (d[0] + d[2]) * stride,
                            (d[1] + d[3]) * stride, 1};
    for (std::size_t i = 0; i < classes; ++i) {
        box.push_back(1 / (1 + std::exp(-static_cast<double>(scores[i]))));
    }
    return box;
}

}  // namespace

TEST_CASE("distances and classes of grids become boxes, by grid and row") {
    const DistanceBoxes operation(strides, bins, classes);
    CHECK(operation.inputs() == 4);
    CHECK(operation.output_size(sizes) == PictureSize{2, 1, 3 * 5 + 2 * 1, 5 + classes});
    for (const auto* const set : float32_kernel_sets()) {
        const auto output = run(operation, set->table(),
                                {{sizes[0], logits(0)},
                                 {sizes[1], logits(1)},
                                 {sizes[2], logits(2)},
                                 {sizes[3], logits(3)}});
        const float* found = output.data();
        for (std::size_t image = 0; image < 2; ++image) {
            for (std::size_t grid = 0; grid < strides.size(); ++grid) {
                const auto& size = sizes[2 * grid];
                const auto distances = logits(2 * grid);
                const auto scores = logits(2 * grid + 1);
                const std::size_t cells = size.height * size.width;
                for (std::size_t cell = 0; cell < cells; ++cell) {
                    const std::size_t pixel = image * cells + cell;
                    for (const double expected :
                         box(static_cast<double>(cell / size.width),
                             static_cast<double>(cell % size.width), strides[grid],
                             distances.data() + pixel * size.channels,
                             scores.data() + pixel * classes)) {
                        REQUIRE(*found++ == doctest::Approx(expected).epsilon(1e-5));
                    }
                }
            }
        }
        CHECK(found == output.data() + output.size());
    }
}

TEST_CASE("grids whose two feature maps do not match each other, or the bins, are refused") {
    const DistanceBoxes operation({8}, bins, classes);
    const PictureSize distances{1, 3, 5, 12};
    CHECK_NOTHROW(operation.output_size(std::vector<PictureSize>{distances, {1, 3, 5, classes}}));
    CHECK_THROWS(operation.output_size(std::vector<PictureSize>{distances, {1, 3, 4, classes}}));
    CHECK_THROWS(operation.output_size(std::vector<PictureSize>{distances, {2, 3, 5, classes}}));
    CHECK_THROWS(operation.output_size(std::vector<PictureSize>{distances, {1, 3, 5, 3}}));
    CHECK_THROWS(
        operation.output_size(std::vector<PictureSize>{{1, 3, 5, 11}, {1, 3, 5, classes}}));
}
