// SPDX-License-Identifier: Apache-2.0
// Decodes the outputs of a YOLO detector without anchors to boxes.
#pragma once

#include "executor/operation.hpp"
#include "executor/record_reader.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace speciesnet::executor {

/// Takes two feature maps for each grid: one with channels [left, top, right, bottom][bin], one
/// with classes. Produces one row of pixels, one pixel for each box, ordered by grid, then row.
/// Their channels are those of GridBoxes; objectness is 1. With p the softmax of a side's channels,
///
///     distance      = Σ bin × p of the bin
///     x, y          = (column, row + 0.5 + (right - left, bottom - top) / 2) × stride
///     width, height = (left + right, top + bottom) × stride
///     classes       = their sigmoids
class DistanceBoxes final : public Operation {
public:
    /// @param strides strides of 1 to most_grids grids, in pixels of the network's input
    /// @param bins    the distances that a side's channels represent, 1 to most_bins
    /// @param classes number of classes, such that channels() is at most most_channels
    DistanceBoxes(std::vector<float> strides, std::vector<float> bins, std::size_t classes);
    /// @throws InvalidArgument if the record is not one of record()
    explicit DistanceBoxes(RecordReader& record);

    static constexpr const char* kind = "distance boxes";
    static constexpr std::size_t most_grids = 16;
    static constexpr std::size_t most_bins = 256;

    std::size_t inputs() const noexcept { return 2 * strides_.size(); }
    std::size_t channels() const noexcept { return 5 + classes_; }

    std::string name() const override { return "boxes"; }
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;

private:
    static constexpr std::size_t sides = 4;

    /// @param weights working memory for the channels of the sides
    void decode(const Kernels& kernels, const float* distances, const float* classes, float column,
                float row, float stride, float* weights, float* box) const;

    std::vector<float> strides_;
    std::vector<float> bins_;
    std::size_t classes_;
};

}  // namespace speciesnet::executor
