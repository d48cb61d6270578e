// SPDX-License-Identifier: Apache-2.0
// Rounds each step separately, as YOLOv5's own code does.
#include "executor/grid_boxes.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet::executor {
GridBoxes::GridBoxes(std::vector<Grid> grids, std::size_t channels)
    : grids_(std::move(grids)), channels_(channels) {}

GridBoxes::GridBoxes(RecordReader& record) : channels_(record.channels()) {
    const std::size_t grids = record.size(1, most_grids);
    if (channels_ < least_channels) {
        throw InvalidArgument("the record of a detector's boxes has too few values");
    }
    for (std::size_t i = 0; i < grids; ++i) {
        const std::size_t anchors = record.size(1, most_anchors);
        const auto numbers = record.numbers({1 + 2 * anchors}).span();
        Grid grid{.stride = numbers[0], .anchors = {}};
        for (std::size_t anchor = 0; anchor < anchors; ++anchor) {
            grid.anchors.push_back(
                {.width = numbers[1 + 2 * anchor], .height = numbers[2 + 2 * anchor]});
        }
        grids_.push_back(std::move(grid));
    }
}

OperationRecord GridBoxes::record() const {
    OperationRecord record{.kind = kind, .sizes = {channels_, grids_.size()}, .numbers = {}};
    for (const auto& grid : grids_) {
        record.sizes.push_back(grid.anchors.size());
        Memory numbers(1 + 2 * grid.anchors.size());
        float* to = numbers.data();
        *to++ = grid.stride;
        for (const auto& anchor : grid.anchors) {
            *to++ = anchor.width;
            *to++ = anchor.height;
        }
        record.numbers.emplace_back(std::move(numbers));
    }
    return record;
}

PictureSize GridBoxes::output_size(std::span<const PictureSize> inputs) const {
    PictureSize size{.images = inputs[0].images, .height = 1, .width = 0, .channels = channels_};
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const auto& anchors = grids_[i].anchors;
        if (inputs[i].images != size.images || inputs[i].channels != anchors.size() * channels_) {
            throw InvalidArgument("the grids of a detector do not match");
        }
        size.width += anchors.size() * inputs[i].height * inputs[i].width;
    }
    return size;
}

void GridBoxes::run(const Execution& execution, std::span<const ConstPicture> inputs,
                    const Picture& output) const {
    std::size_t first = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const auto& grid = grids_[i];
        const auto& input = inputs[i];
        const auto& size = input.size;
        execution.pool.run(size.images * size.height, [&](std::size_t line, std::size_t thread) {
            float* const sigmoids = execution.pool.scratch(thread, size.channels);
            const std::size_t image = line / size.height;
            const std::size_t row = line % size.height;
            for (std::size_t column = 0; column < size.width; ++column) {
                execution.kernels.finish_pixel(
                    input.pixel(image, row, column), nullptr, size.channels,
                    {.activation = Activation::sigmoid, .output = sigmoids});
                const float* from = sigmoids;
                std::size_t box = first + row * size.width + column;
                for (const auto& anchor : grid.anchors) {
                    float* const to = output.pixel(image, 0, box);
                    to[0] = (from[0] * 2 + (static_cast<float>(column) - 0.5F)) * grid.stride;
                    to[1] = (from[1] * 2 + (static_cast<float>(row) - 0.5F)) * grid.stride;
                    to[2] = from[2] * 2 * (from[2] * 2) * anchor.width;
                    to[3] = from[3] * 2 * (from[3] * 2) * anchor.height;
                    std::copy(from + 4, from + channels_, to + 4);
                    from += channels_;
                    box += size.height * size.width;
                }
            }
        });
        first += grid.anchors.size() * size.height * size.width;
    }
}

}  // namespace speciesnet::executor
