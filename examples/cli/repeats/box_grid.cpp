// SPDX-License-Identifier: Apache-2.0
// For an overlap of at least t, sides differ by a factor of at most 1/t, and edges by at most 1-t
// of the longer side. Sizes are measured in steps of that factor, so that they differ by at most
// one step. Positions are measured in steps of the maximum difference of edges for neighbouring
// sizes.
#include "box_grid.hpp"

#include <algorithm>
#include <cmath>

namespace speciesnet::cli {
namespace {

/// A thousandth of a pixel in most images.
constexpr double shortest_side = 1e-6;

}  // namespace

double intersection_over_union(const BoundingBox& one, const BoundingBox& other) {
    const auto shared = [](double begin, double length, double other_begin, double other_length) {
        return std::max(0.0, std::min(begin + length, other_begin + other_length) -
                                 std::max(begin, other_begin));
    };
    const double both = shared(one.xmin, one.width, other.xmin, other.width) *
                        shared(one.ymin, one.height, other.ymin, other.height);
    const double either = one.width * one.height + other.width * other.height - both;
    return either > 0 ? both / either : 0;
}

std::size_t BoxGrid::CellHash::operator()(const Cell& cell) const noexcept {
    std::size_t hash = 0;
    for (const auto step : cell) {
        constexpr std::size_t golden_ratio = 0x9E3779B97F4A7C15;
        hash = (hash ^ static_cast<std::uint32_t>(step)) * golden_ratio;
        hash ^= hash >> 32U;
    }
    return hash;
}

BoxGrid::BoxGrid(double tolerance)
    : tolerance_(std::clamp(tolerance, least_tolerance, greatest_tolerance)) {}

bool BoxGrid::takes(const BoundingBox& box) {
    const auto is_place = [](double edge) { return edge >= -1 && edge <= 2; };
    const auto is_side = [](double side) { return side >= shortest_side && side <= 2; };
    return is_place(box.xmin) && is_place(box.ymin) && is_side(box.width) && is_side(box.height);
}

int BoxGrid::size_step(double side) const {
    return static_cast<int>(std::floor(std::log(side) / -std::log(tolerance_)));
}

double BoxGrid::place_step(int size) const {
    return (1 - tolerance_) * std::pow(1 / tolerance_, size + 2);
}

std::size_t BoxGrid::add(Category category, const BoundingBox& box) {
    const int width = size_step(box.width);
    const int height = size_step(box.height);
    const auto place = [](double edge, double step) {
        return static_cast<std::int32_t>(std::floor(edge / step));
    };
    cells_[{static_cast<std::int32_t>(category), width, height, place(box.xmin, place_step(width)),
            place(box.ymin, place_step(height))}]
        .push_back(boxes_.size());
    boxes_.push_back(box);
    return boxes_.size() - 1;
}

std::optional<std::size_t> BoxGrid::find(Category category, const BoundingBox& box) const {
    std::optional<std::size_t> best;
    double best_overlap = 0;
    const auto look_into = [&](const Cell& cell) {
        const auto found = cells_.find(cell);
        if (found == cells_.end()) {
            return;
        }
        for (const auto number : found->second) {
            const double overlap = intersection_over_union(box, boxes_[number]);
            const bool more =
                !best || overlap > best_overlap || (overlap == best_overlap && number < *best);
            if (overlap >= tolerance_ && more) {
                best = number;
                best_overlap = overlap;
            }
        }
    };
    const auto around = [](double edge, double step, const auto& visit) {
        const auto middle = static_cast<std::int32_t>(std::floor(edge / step));
        for (const auto place : {middle - 1, middle, middle + 1}) {
            visit(place);
        }
    };
    const int width = size_step(box.width);
    const int height = size_step(box.height);
    for (int w = width - 1; w <= width + 1; ++w) {
        for (int h = height - 1; h <= height + 1; ++h) {
            around(box.xmin, place_step(w), [&](std::int32_t x) {
                around(box.ymin, place_step(h), [&](std::int32_t y) {
                    look_into({static_cast<std::int32_t>(category), w, h, x, y});
                });
            });
        }
    }
    return best;
}

}  // namespace speciesnet::cli
