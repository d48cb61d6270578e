// SPDX-License-Identifier: Apache-2.0
// Rounds each step after the distances separately, in the order of YOLO's own code.
#include "executor/distance_boxes.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace speciesnet::executor {

DistanceBoxes::DistanceBoxes(std::vector<float> strides, std::vector<float> bins,
                             std::size_t classes)
    : strides_(std::move(strides)), bins_(std::move(bins)), classes_(classes) {}

DistanceBoxes::DistanceBoxes(RecordReader& record) : classes_(record.size(1, most_channels - 5)) {
    const auto strides = record.numbers({record.size(1, most_grids)}).span();
    strides_.assign(strides.begin(), strides.end());
    const auto bins = record.numbers({record.size(1, most_bins)}).span();
    bins_.assign(bins.begin(), bins.end());
}

OperationRecord DistanceBoxes::record() const {
    return {.kind = kind,
            .sizes = {classes_, strides_.size(), bins_.size()},
            .numbers = {Numbers(strides_, nullptr), Numbers(bins_, nullptr)}};
}

PictureSize DistanceBoxes::output_size(std::span<const PictureSize> inputs) const {
    PictureSize size{.images = inputs[0].images, .height = 1, .width = 0, .channels = channels()};
    for (std::size_t i = 0; i < inputs.size(); i += 2) {
        auto distances = inputs[i];
        auto classes = inputs[i + 1];
        if (distances.images != size.images || distances.channels != sides * bins_.size() ||
            std::exchange(classes.channels, 0) != classes_) {
            throw InvalidArgument("the grids of a detector do not match");
        }
        distances.channels = 0;
        if (distances != classes) {
            throw InvalidArgument("the distances and classes of a detector's grid do not match");
        }
        size.width += distances.height * distances.width;
    }
    return size;
}

void DistanceBoxes::run(const Execution& execution, std::span<const ConstPicture> inputs,
                        const Picture& output) const {
    std::size_t first = 0;
    for (std::size_t i = 0; i < strides_.size(); ++i) {
        const auto& distances = inputs[2 * i];
        const auto& classes = inputs[2 * i + 1];
        const auto& size = distances.size;
        execution.pool.run(size.images * size.height, [&](std::size_t line, std::size_t thread) {
            float* const weights = execution.pool.scratch(thread, sides * bins_.size());
            const std::size_t image = line / size.height;
            const std::size_t row = line % size.height;
            for (std::size_t column = 0; column < size.width; ++column) {
                decode(execution.kernels, distances.pixel(image, row, column),
                       classes.pixel(image, row, column), static_cast<float>(column),
                       static_cast<float>(row), strides_[i], weights,
                       output.pixel(image, 0, first + row * size.width + column));
            }
        });
        first += size.height * size.width;
    }
}

void DistanceBoxes::decode(const Kernels& kernels, const float* distances, const float* classes,
                           float column, float row, float stride, float* weights,
                           float* box) const {
    std::array<float, sides> means{};
    std::copy_n(distances, sides * bins_.size(), weights);
    for (float& mean : means) {
        kernels.softmax(weights, bins_.size());
        for (const float bin : bins_) {
            mean += bin * *weights++;
        }
    }
    const auto [left, top, right, bottom] = means;
    const float xmin = column + 0.5F - left;
    const float ymin = row + 0.5F - top;
    const float xmax = column + 0.5F + right;
    const float ymax = row + 0.5F + bottom;
    box[0] = (xmin + xmax) / 2 * stride;
    box[1] = (ymin + ymax) / 2 * stride;
    box[2] = (xmax - xmin) * stride;
    box[3] = (ymax - ymin) * stride;
    box[4] = 1;
    kernels.finish_pixel(classes, nullptr, classes_,
                         {.activation = Activation::sigmoid, .output = box + 5});
}

}  // namespace speciesnet::executor
