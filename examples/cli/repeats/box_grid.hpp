// SPDX-License-Identifier: Apache-2.0
// Finds nearly equal boxes among many without comparing all pairs.
#pragma once

#include "speciesnet/detection.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace speciesnet::cli {

/// Area that both boxes cover, of the area that either does: 0 to 1.
double intersection_over_union(const BoundingBox& one, const BoundingBox& other);

/// Boxes in cells, by size and place. Two boxes with an overlap of at least the tolerance have
/// sides and places so alike that they lie in neighbouring cells: each search looks into 81.
class BoxGrid {
public:
    static constexpr double least_tolerance = 0.5;
    static constexpr double greatest_tolerance = 0.99;

    /// @param tolerance least intersection over union, least_tolerance to greatest_tolerance
    explicit BoxGrid(double tolerance);

    /// Whether a box can be in a grid: its numbers are finite, and its sides are not nearly 0.
    static bool takes(const BoundingBox& box);

    /// Adds a box that takes() allows. @return its number, from 0
    std::size_t add(Category category, const BoundingBox& box);

    /// The box of this category that overlaps most, if any overlaps enough; of equal ones the
    /// first.
    std::optional<std::size_t> find(Category category, const BoundingBox& box) const;

private:
    /// Category, sides and place, in steps.
    using Cell = std::array<std::int32_t, 5>;
    struct CellHash {
        std::size_t operator()(const Cell& cell) const noexcept;
    };

    /// How many steps of size a side is.
    int size_step(double side) const;
    /// Width of the places' steps for boxes of a size.
    double place_step(int size) const;

    double tolerance_;
    std::vector<BoundingBox> boxes_;
    std::unordered_map<Cell, std::vector<std::size_t>, CellHash> cells_;
};

}  // namespace speciesnet::cli
