// SPDX-License-Identifier: Apache-2.0
// Fixed-point bilinear scaling in OpenCV's order of operations: a horizontal pass to sums with
// 11-bit weights of which 4 bits are dropped, then a vertical pass that drops 16 more and rounds
// the last 2. Both run over contiguous 8- and 16-bit values, which the compiler can vectorise.
#include "resize_fixed_point.hpp"

#include "pick_pixels.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace speciesnet {
namespace {

/// Source: OpenCV imgproc/src/resize.cpp, INTER_RESIZE_COEF_BITS.
constexpr int weight_one = 1 << 11;

/// For each output position, the two source positions around it and their weights.
struct Taps {
    std::vector<int> first;
    std::vector<int> second;
    std::vector<std::int16_t> first_weight;
    std::vector<std::int16_t> second_weight;
};

/// @param repeat number of times that each weight is listed
Taps make_taps(int source, int target, std::size_t repeat) {
    const double scale = 1.0 / (static_cast<double>(target) / source);
    Taps taps;
    for (int i = 0; i < target; ++i) {
        const auto position = static_cast<float>((i + 0.5) * scale - 0.5);
        const int whole = static_cast<int>(std::floor(position));
        const float fraction = position - static_cast<float>(whole);
        const auto weight = [](float share) {
            return static_cast<std::int16_t>(std::lrint(share * weight_one));
        };
        taps.first.push_back(std::clamp(whole, 0, source - 1));
        taps.second.push_back(std::clamp(whole + 1, 0, source - 1));
        taps.first_weight.insert(taps.first_weight.end(), repeat, weight(1.0F - fraction));
        taps.second_weight.insert(taps.second_weight.end(), repeat, weight(fraction));
    }
    return taps;
}

/// One value for each output column and channel.
template <typename T>
using Row = std::vector<T>;

/// The result is at most 255 · 2048 / 16, which fits into 16 bits.
void mix_columns(const Row<std::uint8_t>& left, const Row<std::uint8_t>& right, const Taps& columns,
                 Row<std::int16_t>& mixed) {
    const std::size_t count = mixed.size();
    const std::uint8_t* const l = left.data();
    const std::uint8_t* const r = right.data();
    const std::int16_t* const lw = columns.first_weight.data();
    const std::int16_t* const rw = columns.second_weight.data();
    std::int16_t* const out = mixed.data();
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = static_cast<std::int16_t>((l[i] * lw[i] + r[i] * rw[i]) >> 4);
    }
}

void mix_rows(const Row<std::int16_t>& above, const Row<std::int16_t>& below,
              std::int16_t above_weight, std::int16_t below_weight, std::uint8_t* out) {
    const std::size_t count = above.size();
    const std::int16_t* const a = above.data();
    const std::int16_t* const b = below.data();
    for (std::size_t i = 0; i < count; ++i) {
        const auto from_above = static_cast<std::int16_t>((a[i] * above_weight) >> 16);
        const auto from_below = static_cast<std::int16_t>((b[i] * below_weight) >> 16);
        out[i] =
            static_cast<std::uint8_t>(static_cast<std::uint16_t>(from_above + from_below + 2) >> 2);
    }
}

}  // namespace

void resize_fixed_point(std::span<const std::uint8_t> source, int width, int height,
                        const RgbTarget& target) {
    const Taps columns = make_taps(width, target.width, rgb_channels);
    const Taps rows = make_taps(height, target.height, 1);
    const std::size_t count = columns.first_weight.size();
    const auto source_row = static_cast<std::size_t>(width) * rgb_channels;
    Row<std::uint8_t> left(count);
    Row<std::uint8_t> right(count);

    // The two horizontally scaled source rows in use. In the next step, the lower one becomes the
    // upper.
    struct Mixed {
        int row = -1;
        Row<std::int16_t> values;
    };
    Mixed above{-1, Row<std::int16_t>(count)};
    Mixed below = above;
    const auto hold = [&](Mixed& mixed, int row) {
        if (mixed.row == row) {
            return;
        }
        const std::uint8_t* const pixels =
            source.data() + source_row * static_cast<std::size_t>(row);
        pick_pixels(pixels, width, columns.first, left.data());
        pick_pixels(pixels, width, columns.second, right.data());
        mix_columns(left, right, columns, mixed.values);
        mixed.row = row;
    };
    std::uint8_t* out = target.pixels;
    for (std::size_t y = 0; y < rows.first.size(); ++y, out += target.row_bytes) {
        if (below.row == rows.first[y]) {
            std::swap(above, below);
        }
        hold(above, rows.first[y]);
        hold(below, rows.second[y]);
        mix_rows(above.values, below.values, rows.first_weight[y], rows.second_weight[y], out);
    }
}

}  // namespace speciesnet
