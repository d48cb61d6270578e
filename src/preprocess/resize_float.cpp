// SPDX-License-Identifier: Apache-2.0
// The reference computes crops with ATen's AVX2 code, in which the compiler fused multiplications
// and additions. Fusing changes the last bit, and truncation to bytes makes it visible: the fused
// operations below are exactly ATen's, and everything else must stay unfused. (ATen's AVX-512 code
// gives the same bits, its baseline code does not.)
#include "resize_float.hpp"

#include "fused_multiply_add.hpp"
#include "pick_pixels.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet {
namespace {

/// torchvision's convert_image_dtype multiplies by 255 + 1 − 1e-3 before truncating.
constexpr float byte_scale = 255.999F;

/// For each output position, the two source positions around it and their weights.
struct Taps {
    std::vector<int> first;
    std::vector<int> second;
    std::vector<float> first_weight;
    std::vector<float> second_weight;
};

Taps make_taps(int source, int target) {
    const float scale = static_cast<float>(source) / static_cast<float>(target);
    Taps taps;
    for (int i = 0; i < target; ++i) {
        const float position =
            std::max(0.0F, fused_multiply_add(scale, static_cast<float>(i) + 0.5F, -0.5F));
        const int first = std::min(static_cast<int>(position), source - 1);
        const float weight = std::clamp(position - static_cast<float>(first), 0.0F, 1.0F);
        taps.first.push_back(first);
        taps.second.push_back(std::min(first + 1, source - 1));
        taps.first_weight.push_back(1.0F - weight);
        taps.second_weight.push_back(weight);
    }
    return taps;
}

std::vector<float> per_channel(const std::vector<float>& per_column) {
    std::vector<float> weights;
    for (const float weight : per_column) {
        weights.insert(weights.end(), rgb_channels, weight);
    }
    return weights;
}

/// The pixels of one source row at the first and second taps of all columns.
struct SampledRow {
    std::vector<std::uint8_t> left;
    std::vector<std::uint8_t> right;
};

/// Weights of the columns, for each channel.
struct ColumnWeights {
    std::vector<float> left;
    std::vector<float> right;
};

/// Computes one output row.
[[gnu::always_inline]] inline void mix(const SampledRow& above, const SampledRow& below,
                                       const ColumnWeights& columns, float above_weight,
                                       float below_weight, std::uint8_t* out, auto multiply_add) {
    const std::size_t count = columns.left.size();
    const std::uint8_t* const above_left = above.left.data();
    const std::uint8_t* const above_right = above.right.data();
    const std::uint8_t* const below_left = below.left.data();
    const std::uint8_t* const below_right = below.right.data();
    const float* const left_weight = columns.left.data();
    const float* const right_weight = columns.right.data();
    const auto unit = [](std::uint8_t byte) { return static_cast<float>(byte) / 255.0F; };
    for (std::size_t i = 0; i < count; ++i) {
        float sum = (above_weight * right_weight[i]) * unit(above_right[i]);
        sum = multiply_add(above_weight * left_weight[i], unit(above_left[i]), sum);
        sum = multiply_add(below_weight * left_weight[i], unit(below_left[i]), sum);
        sum = multiply_add(below_weight * right_weight[i], unit(below_right[i]), sum);
        out[i] = static_cast<std::uint8_t>(static_cast<int>(sum * byte_scale));
    }
}

void mix_portable(const SampledRow& above, const SampledRow& below, const ColumnWeights& columns,
                  float above_weight, float below_weight, std::uint8_t* out) {
    mix(above, below, columns, above_weight, below_weight, out, fused_multiply_add);
}

#ifdef __x86_64__
[[gnu::target("avx2,fma")]] void mix_with_fma(const SampledRow& above, const SampledRow& below,
                                              const ColumnWeights& columns, float above_weight,
                                              float below_weight, std::uint8_t* out) {
    mix(
        above, below, columns, above_weight, below_weight, out,
        [](float x, float y, float z)
            __attribute__((always_inline)) { return __builtin_fmaf(x, y, z); });
}

auto best_mix() {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? mix_with_fma
                                                                           : mix_portable;
}
#else
auto best_mix() {
    return mix_portable;
}
#endif

/// Reads the pixels at one tap of all columns; black beyond the border of the image.
class ColumnSampler {
public:
    ColumnSampler(const Image& image, const PixelRegion& box, const std::vector<int>& columns)
        : image_(image), top_(box.top) {
        const auto inside = [&](int x) { return x >= 0 && x < image.width(); };
        for (const int column : columns) {
            if (inside(box.left + column)) {
                inside_.push_back(box.left + column);
            } else if (inside_.empty()) {
                skipped_ += rgb_channels;
            }
        }
    }

    /// Taps beyond the border keep the initial zeros of `picked`.
    void sample(int row, std::vector<std::uint8_t>& picked) const {
        const int y = top_ + row;
        if (y < 0 || y >= image_.height()) {
            std::ranges::fill(picked, std::uint8_t{0});
            return;
        }
        pick_pixels(
            image_.pixels().data() + static_cast<std::ptrdiff_t>(y) * image_.width() * rgb_channels,
            image_.width(), inside_, picked.data() + skipped_);
    }

private:
    const Image& image_;
    int top_;
    std::vector<int> inside_;
    std::size_t skipped_ = 0;
};

}  // namespace

std::vector<std::uint8_t> resize_float(const Image& image, const PixelRegion& box, int side) {
    const Taps columns = make_taps(box.width, side);
    const Taps rows = make_taps(box.height, side);
    const ColumnWeights weights{per_channel(columns.first_weight),
                                per_channel(columns.second_weight)};
    const ColumnSampler left(image, box, columns.first);
    const ColumnSampler right(image, box, columns.second);
    const auto mix_row = best_mix();
    const std::size_t row_bytes = weights.left.size();

    // The two sampled source rows in use. In the next step, the lower one becomes the upper.
    struct Held {
        int row = -1;
        SampledRow pixels;
    };
    Held above{-1, {std::vector<std::uint8_t>(row_bytes), std::vector<std::uint8_t>(row_bytes)}};
    Held below = above;
    const auto hold = [&](Held& held, int row) {
        if (held.row != row) {
            left.sample(row, held.pixels.left);
            right.sample(row, held.pixels.right);
            held.row = row;
        }
    };

    std::vector<std::uint8_t> result(row_bytes * static_cast<std::size_t>(side));
    for (std::size_t y = 0; y < static_cast<std::size_t>(side); ++y) {
        if (below.row == rows.first[y]) {
            std::swap(above, below);
        }
        hold(above, rows.first[y]);
        hold(below, rows.second[y]);
        mix_row(above.pixels, below.pixels, weights, rows.first_weight[y], rows.second_weight[y],
                result.data() + y * row_bytes);
    }
    return result;
}

}  // namespace speciesnet
