// SPDX-License-Identifier: Apache-2.0
// Decodes the outputs of a YOLOv5 detector's last convolutions to boxes.
#pragma once

#include "executor/operation.hpp"
#include "executor/record_reader.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace speciesnet::executor {

/// Takes the feature maps of several grids with channels [anchor][x, y, width, height, objectness,
/// classes…]. Produces one row of pixels, one pixel for each box, ordered by grid, then anchor,
/// then row. With s the sigmoid of a value,
///
///     x, y          = (2 s + column, row - 0.5) × stride
///     width, height = (2 s)² × the anchor's
///     the others    = s
class GridBoxes final : public Operation {
public:
    struct Anchor {
        float width = 0;
        float height = 0;
    };
    struct Grid {
        float stride = 1;  ///< In pixels of the network's input.
        std::vector<Anchor> anchors;
    };

    /// @param grids    1 to most_grids grids, each with 1 to most_anchors anchors
    /// @param channels channels of a box, at least least_channels
    GridBoxes(std::vector<Grid> grids, std::size_t channels);
    /// @throws InvalidArgument if the record is not one of record()
    explicit GridBoxes(RecordReader& record);

    static constexpr const char* kind = "grid boxes";
    static constexpr std::size_t least_channels = 5;
    static constexpr std::size_t most_grids = 16;
    static constexpr std::size_t most_anchors = 64;  ///< Per grid.

    std::size_t inputs() const noexcept { return grids_.size(); }
    std::size_t channels() const noexcept { return channels_; }

    std::string name() const override { return "boxes"; }
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;

private:
    std::vector<Grid> grids_;
    std::size_t channels_;
};

}  // namespace speciesnet::executor
