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

/// Returns the common area of both boxes, divided by the area of their union: 0 to 1.
double intersection_over_union(const BoundingBox& one, const BoundingBox& other);

/// Stores boxes in cells by size and position. Two boxes that overlap by at least the tolerance are
/// in the same cell or in neighbouring ones, so each search examines 81 cells.
class BoxGrid {
public:
    static constexpr double least_tolerance = 0.5;
    static constexpr double greatest_tolerance = 0.99;

    /// @param tolerance minimum intersection over union, least_tolerance to greatest_tolerance
    explicit BoxGrid(double tolerance);

    /// Returns whether a box can be added: its values are finite, and its sides are not nearly 0.
    static bool takes(const BoundingBox& box);

    /// Adds a box that takes() accepts. @return its index, from 0
    std::size_t add(Category category, const BoundingBox& box);

    /// Returns the box of this category that overlaps most, if it overlaps enough; the first among
    /// equal ones.
    std::optional<std::size_t> find(Category category, const BoundingBox& box) const;

private:
    /// Category, sides and position, in steps.
    using Cell = std::array<std::int32_t, 5>;
    struct CellHash {
        std::size_t operator()(const Cell& cell) const noexcept;
    };

    /// Returns the size of a side in steps.
    int size_step(double side) const;
    /// Returns the width of steps of position for boxes of a size.
    double place_step(int size) const;

    double tolerance_;
    std::vector<BoundingBox> boxes_;
    std::unordered_map<Cell, std::vector<std::size_t>, CellHash> cells_;
};

}  // namespace speciesnet::cli
