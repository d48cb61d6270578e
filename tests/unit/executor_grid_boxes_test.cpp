// SPDX-License-Identifier: Apache-2.0
// Compares boxes of a grid with the formula of YOLOv5 in double precision.
#include "executor/grid_boxes.hpp"
#include "executor_fixtures.hpp"
#include "run_operation.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet::executor;

namespace {

constexpr std::size_t channels = 7;
const std::vector<GridBoxes::Grid> grids{
    {.stride = 8, .anchors = {{.width = 10, .height = 13}, {.width = 33, .height = 23}}},
    {.stride = 16, .anchors = {{.width = 116, .height = 90}}}};
const std::vector<PictureSize> sizes{{2, 3, 5, 2 * channels}, {2, 2, 1, channels}};

/// Returns the values of a grid, from sigmoids of nearly 0 to nearly 1.
std::vector<float> logits(std::size_t grid) {
    auto values =
        numbers(sizes[grid].pixels() * sizes[grid].channels, static_cast<std::uint32_t>(grid) + 1);
    for (auto& value : values) {
        value *= 9;
    }
    return values;
}

std::vector<double> box(std::size_t grid, std::size_t anchor, std::size_t row, std::size_t column,
                        const float* logits) {
    std::vector<double> s;
    for (std::size_t i = 0; i < channels; ++i) {
        s.push_back(1 / (1 + std::exp(-static_cast<double>(logits[i]))));
    }
    const auto& [stride, anchors] = grids[grid];
    std::vector<double> box{(2 * s[0] + static_cast<double>(column) - 0.5) * stride,
                            (2 * s[1] + static_cast<double>(row) - 0.5) * stride,
                            4 * s[2] * s[2] * anchors[anchor].width,
                            4 * s[3] * s[3] * anchors[anchor].height};
    box.insert(box.end(), s.begin() + 4, s.end());
    return box;
}

}  // namespace

TEST_CASE("values of grids become boxes, by grid, anchor and row") {
    const GridBoxes operation(grids, channels);
    CHECK(operation.output_size(sizes) == PictureSize{2, 1, 2 * 3 * 5 + 2 * 1, channels});
    for (const auto* const set : float32_kernel_sets()) {
        const auto output =
            run(operation, set->table(), {{sizes[0], logits(0)}, {sizes[1], logits(1)}});
        const float* found = output.data();
        for (std::size_t image = 0; image < 2; ++image) {
            for (std::size_t grid = 0; grid < grids.size(); ++grid) {
                const auto& size = sizes[grid];
                const auto input = logits(grid);
                for (std::size_t anchor = 0; anchor < grids[grid].anchors.size(); ++anchor) {
                    for (std::size_t cell = 0; cell < size.height * size.width; ++cell) {
                        const float* const from =
                            input.data() +
                            (image * size.height * size.width + cell) * size.channels +
                            anchor * channels;
                        for (const double expected :
                             box(grid, anchor, cell / size.width, cell % size.width, from)) {
                            REQUIRE(*found++ == doctest::Approx(expected).epsilon(1e-5));
                        }
                    }
                }
            }
        }
        CHECK(found == output.data() + output.size());
    }
}

TEST_CASE("grids with other channels, or another number of feature maps, are refused") {
    const GridBoxes operation(grids, channels);
    CHECK_THROWS(operation.output_size(std::vector<PictureSize>{sizes[0], {2, 2, 1, 8}}));
    CHECK_THROWS(operation.output_size(std::vector<PictureSize>{sizes[0], {1, 2, 1, channels}}));
}
