// SPDX-License-Identifier: Apache-2.0
// Probes with small grids of different sizes, which cannot be confused with each other.
#include "torch_plugin/box_recognition.hpp"

#include "torch_plugin/interpreter.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>
#include <random>
#include <utility>

#include <ATen/ATen.h>

namespace speciesnet {
namespace {

using graph::YoloBoxes;

/// Maximum difference of results, relative to the largest possible value of the column (a sigmoid
/// of 1): a few roundings.
constexpr double tolerance = 2e-6;

constexpr std::int64_t coordinates = 4;
constexpr std::int64_t least_box_channels = 5;
constexpr std::int64_t most_anchors = 64;  ///< In one grid.
constexpr std::size_t most_grids = 16;

at::Tensor decoded(const torch::jit::Code& code, const std::vector<at::Tensor>& images) {
    torch::jit::Stack stack(images.begin(), images.end());
    return first_tensor(interpret(code, std::move(stack)).front()).to(at::kFloat).contiguous();
}

/// Reads strides and anchors from the results where all sigmoids are one half.
std::optional<YoloBoxes> read_off(const torch::jit::Code& code,
                                  const std::vector<std::int64_t>& channels) {
    std::vector<at::Tensor> zeros;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        const auto side = static_cast<std::int64_t>(i);
        zeros.push_back(at::zeros({1, channels[i], side + 2, side + 3}));
    }
    const auto boxes = decoded(code, zeros);
    if (boxes.dim() != 3 || boxes.size(0) != 1 || boxes.size(2) < least_box_channels) {
        return std::nullopt;
    }
    YoloBoxes result{.grids = {}, .box_channels = boxes.size(2)};
    const float* box = boxes.data_ptr<float>();
    std::int64_t left = boxes.size(1);
    for (std::size_t i = 0; i < channels.size(); ++i) {
        const auto cells = zeros[i].size(2) * zeros[i].size(3);
        const auto anchors = channels[i] / result.box_channels;
        left -= anchors * cells;
        if (channels[i] % result.box_channels != 0 || left < 0 || anchors > most_anchors) {
            return std::nullopt;
        }
        // x of the first column is half a stride.
        YoloBoxes::Grid grid{.stride = 2 * box[0], .anchors = {}};
        for (std::int64_t anchor = 0; anchor < anchors; ++anchor) {
            grid.anchors.push_back({.width = box[2], .height = box[3]});
            box += cells * result.box_channels;
        }
        result.grids.push_back(std::move(grid));
    }
    return left == 0 ? std::optional(std::move(result)) : std::nullopt;
}

/// Computes YoloBoxes for one grid in double precision.
/// @param image [B,C,H,W]
/// @return [B, anchors · H · W, box channels]
at::Tensor decoded_grid(const YoloBoxes::Grid& grid, std::int64_t box_channels,
                        const at::Tensor& image) {
    const auto batch = image.size(0);
    const auto rows = image.size(2);
    const auto columns = image.size(3);
    const auto anchors = static_cast<std::int64_t>(grid.anchors.size());
    const auto doubles = at::TensorOptions().dtype(at::kDouble);
    const auto sigmoids = image.to(at::kDouble)
                              .sigmoid()
                              .view({batch, anchors, box_channels, rows, columns})
                              .permute({0, 1, 3, 4, 2});
    const double stride = grid.stride;
    const auto x = at::arange(columns, doubles).view({1, 1, 1, columns});
    const auto y = at::arange(rows, doubles).view({1, 1, rows, 1});
    auto sizes = at::empty({2, 1, anchors, 1, 1}, doubles);
    for (std::int64_t anchor = 0; anchor < anchors; ++anchor) {
        sizes[0][0][anchor] = grid.anchors[static_cast<std::size_t>(anchor)].width;
        sizes[1][0][anchor] = grid.anchors[static_cast<std::size_t>(anchor)].height;
    }
    const auto column = [&](std::int64_t index) { return sigmoids.select(4, index); };
    const auto box =
        at::stack({(2 * column(0) + x - 0.5) * stride, (2 * column(1) + y - 0.5) * stride,
                   (2 * column(2)).square() * sizes[0], (2 * column(3)).square() * sizes[1]},
                  4);
    return at::cat({box, sigmoids.slice(4, coordinates)}, 4)
        .reshape({batch, anchors * rows * columns, box_channels});
}

/// Returns the largest value that each column of a grid's boxes can have.
/// @return [anchors · H · W, box channels]
at::Tensor largest(const YoloBoxes::Grid& grid, std::int64_t box_channels,
                   const at::Tensor& image) {
    const auto rows = image.size(2);
    const auto columns = image.size(3);
    auto most =
        at::ones({static_cast<std::int64_t>(grid.anchors.size()), rows * columns, box_channels},
                 at::TensorOptions().dtype(at::kDouble));
    most.select(2, 0).fill_((static_cast<double>(columns) + 1) * grid.stride);
    most.select(2, 1).fill_((static_cast<double>(rows) + 1) * grid.stride);
    for (std::size_t anchor = 0; anchor < grid.anchors.size(); ++anchor) {
        auto boxes = most[static_cast<std::int64_t>(anchor)];
        boxes.select(1, 2).fill_(4.0 * grid.anchors[anchor].width);
        boxes.select(1, 3).fill_(4.0 * grid.anchors[anchor].height);
    }
    return most.abs().view({-1, box_channels});
}

bool agree(const YoloBoxes& boxes, const std::vector<at::Tensor>& images,
           const at::Tensor& actual) {
    std::vector<at::Tensor> decoded;
    std::vector<at::Tensor> limits;
    for (std::size_t i = 0; i < images.size(); ++i) {
        decoded.push_back(decoded_grid(boxes.grids[i], boxes.box_channels, images[i]));
        limits.push_back(largest(boxes.grids[i], boxes.box_channels, images[i]));
    }
    const auto expected = at::cat(decoded, 1);
    // A comparison with NaN is false, as it must be.
    return expected.sizes() == actual.sizes() &&
           ((actual.to(at::kDouble) - expected).abs() <= tolerance * at::cat(limits, 0))
               .all()
               .item<bool>();
}

}  // namespace

std::optional<YoloBoxes> recognised_boxes(const std::shared_ptr<torch::jit::Graph>& tail,
                                          const std::vector<std::int64_t>& channels) {
    if (channels.empty() || channels.size() > most_grids) {
        return std::nullopt;
    }
    try {
        const torch::jit::Code code(tail, "tail");
        const auto boxes = read_off(code, channels);
        if (!boxes) {
            return std::nullopt;
        }
        // From values whose sigmoids are nearly 0 to values whose sigmoids are nearly 1.
        std::mt19937 random(1);
        std::uniform_real_distribution<float> logits(-12.0F, 12.0F);
        for (const std::int64_t batch : {1, 2}) {
            std::vector<at::Tensor> images;
            for (std::size_t i = 0; i < channels.size(); ++i) {
                const auto side = static_cast<std::int64_t>(i);
                images.push_back(at::empty({batch, channels[i], 5 + batch - side % 2, 4 + side}));
                float* const values = images.back().data_ptr<float>();
                std::generate_n(values, images.back().numel(), [&] { return logits(random); });
            }
            if (!agree(*boxes, images, decoded(code, images))) {
                return std::nullopt;
            }
        }
        return boxes;
    } catch (const std::exception&) {
        // A decoder of boxes would accept such images.
        return std::nullopt;
    }
}

}  // namespace speciesnet
