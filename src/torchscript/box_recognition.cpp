// Trials with small grids, each of another size so that they cannot be mistaken for each other.
#include "torchscript/box_recognition.hpp"

#include "executor/memory.hpp"
#include "executor/plan.hpp"
#include "torchscript/interpreter.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <optional>
#include <random>
#include <utility>

#include <ATen/ATen.h>

namespace speciesnet {
namespace {

using executor::GridBoxes;

/// How far results may be apart, as a share of the largest that the column can have with a sigmoid
/// of 1: a few roundings.
constexpr double tolerance = 2e-6;

struct GridSize {
    std::int64_t height;
    std::int64_t width;
};

at::Tensor decoded(const torch::jit::Code& code, const std::vector<at::Tensor>& grids) {
    torch::jit::Stack stack{c10::IValue(), at::zeros({1})};
    stack.insert(stack.end(), grids.begin(), grids.end());
    return first_tensor(interpret(code, std::move(stack)).front()).to(at::kFloat).contiguous();
}

/// Strides and anchors, as they show where all sigmoids are one half.
std::optional<std::vector<GridBoxes::Grid>> read_off(const torch::jit::Code& code,
                                                     const std::vector<std::size_t>& channels,
                                                     std::size_t& numbers) {
    std::vector<at::Tensor> zeros;
    std::vector<GridSize> sizes;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        const auto side = static_cast<std::int64_t>(i);
        sizes.push_back({side + 2, side + 3});
        zeros.push_back(at::zeros(
            {1, static_cast<std::int64_t>(channels[i]), sizes[i].height, sizes[i].width}));
    }
    const auto boxes = decoded(code, zeros);
    if (boxes.dim() != 3 || boxes.size(0) != 1 ||
        boxes.size(2) < static_cast<std::int64_t>(GridBoxes::least_channels)) {
        return std::nullopt;
    }
    numbers = static_cast<std::size_t>(boxes.size(2));
    std::vector<GridBoxes::Grid> grids;
    const float* box = boxes.data_ptr<float>();
    std::int64_t left = boxes.size(1);
    for (std::size_t i = 0; i < channels.size(); ++i) {
        const auto cells = sizes[i].height * sizes[i].width;
        const auto anchors = static_cast<std::int64_t>(channels[i] / numbers);
        left -= anchors * cells;
        if (channels[i] % numbers != 0 || left < 0 ||
            channels[i] / numbers > GridBoxes::most_anchors) {
            return std::nullopt;
        }
        // x of the first column is half a stride.
        GridBoxes::Grid grid{.stride = 2 * box[0], .anchors = {}};
        for (std::int64_t anchor = 0; anchor < anchors; ++anchor) {
            grid.anchors.push_back({.width = box[2], .height = box[3]});
            box += cells * boxes.size(2);
        }
        grids.push_back(std::move(grid));
    }
    return left == 0 ? std::optional(std::move(grids)) : std::nullopt;
}

/// The same, by the operation.
std::vector<float> computed(const GridBoxes& boxes, const std::vector<at::Tensor>& grids,
                            const executor::Kernels& kernels) {
    std::vector<at::Tensor> pixels;
    std::vector<executor::ConstPicture> pictures;
    std::vector<executor::PictureSize> sizes;
    for (const auto& grid : grids) {
        pixels.push_back(grid.permute({0, 2, 3, 1}).contiguous());
        const auto size = [&](int axis) { return static_cast<std::size_t>(grid.size(axis)); };
        sizes.push_back({size(0), size(2), size(3), size(1)});
        pictures.push_back(executor::picture<const float>(pixels.back().data_ptr<float>(),
                                                          sizes.back(), sizes.back().channels));
    }
    const auto size = boxes.output_size(sizes);
    std::vector<float> numbers(size.pixels() * size.channels);
    executor::ThreadPool pool(1);
    executor::Memory shared;
    boxes.run({kernels, pool, shared}, pictures,
              executor::picture(numbers.data(), size, size.channels));
    return numbers;
}

/// The largest number that each column of a box can have.
std::vector<double> largest(const GridBoxes::Grid& grid, const GridBoxes::Anchor& anchor,
                            const at::Tensor& picture, std::size_t numbers) {
    std::vector<double> most(numbers, 1.0);
    most[0] = (static_cast<double>(picture.size(3)) + 1) * grid.stride;
    most[1] = (static_cast<double>(picture.size(2)) + 1) * grid.stride;
    most[2] = 4.0 * anchor.width;
    most[3] = 4.0 * anchor.height;
    return most;
}

bool agree(const std::vector<GridBoxes::Grid>& grids, std::size_t numbers,
           const std::vector<at::Tensor>& pictures, const at::Tensor& expected,
           const std::vector<float>& actual) {
    if (expected.numel() != static_cast<std::int64_t>(actual.size())) {
        return false;
    }
    const float* number = expected.data_ptr<float>();
    const float* other = actual.data();
    for (std::int64_t image = 0; image < expected.size(0); ++image) {
        for (std::size_t i = 0; i < grids.size(); ++i) {
            const auto cells = pictures[i].size(2) * pictures[i].size(3);
            for (const auto& anchor : grids[i].anchors) {
                const auto most = largest(grids[i], anchor, pictures[i], numbers);
                for (std::int64_t cell = 0; cell < cells; ++cell) {
                    for (const double limit : most) {
                        // Not a number is not near to anything.
                        if (!(std::abs(*number++ - *other++) <= tolerance * std::abs(limit))) {
                            return false;
                        }
                    }
                }
            }
        }
    }
    return true;
}

}  // namespace

std::unique_ptr<GridBoxes> recognised_boxes(const std::shared_ptr<torch::jit::Graph>& after,
                                            const std::vector<std::size_t>& channels,
                                            const executor::Kernels& kernels) {
    if (after->inputs()[0]->hasUses() || after->inputs()[1]->hasUses() ||
        channels.size() > GridBoxes::most_grids) {
        return nullptr;
    }
    try {
        const torch::jit::Code code(after, "after");
        std::size_t numbers = 0;
        const auto grids = read_off(code, channels, numbers);
        if (!grids) {
            return nullptr;
        }
        auto boxes = std::make_unique<GridBoxes>(*grids, numbers);
        // From where sigmoids are nearly 0 to where they are nearly 1.
        std::mt19937 random(1);
        std::uniform_real_distribution<float> logits(-12.0F, 12.0F);
        for (const std::int64_t images : {1, 2}) {
            std::vector<at::Tensor> pictures;
            for (std::size_t i = 0; i < channels.size(); ++i) {
                const auto side = static_cast<std::int64_t>(i);
                pictures.push_back(at::empty({images, static_cast<std::int64_t>(channels[i]),
                                              5 + images - side % 2, 4 + side}));
                float* const values = pictures.back().data_ptr<float>();
                std::generate_n(values, pictures.back().numel(), [&] { return logits(random); });
            }
            if (!agree(*grids, numbers, pictures, decoded(code, pictures),
                       computed(*boxes, pictures, kernels))) {
                return nullptr;
            }
        }
        return boxes;
    } catch (const std::exception&) {
        // Something else refuses such pictures, which boxes do not.
        return nullptr;
    }
}

}  // namespace speciesnet
