// Fixed-point bilinear scaling in OpenCV's order of operations: a horizontal pass to 32-bit sums
// with 11-bit weights, then a vertical pass that drops 4 bits, then 16, then rounds the last 2.
#include "resize_linear.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace speciesnet {
namespace {

constexpr int channels = 3;
/// Source: OpenCV imgproc/src/resize.cpp, INTER_RESIZE_COEF_BITS.
constexpr int weight_one = 1 << 11;

/// Between which two source pixels a target pixel lies, and how near to each.
struct Tap {
    int first;
    int second;
    int first_weight;
    int second_weight;
};

std::vector<Tap> taps(int source, int target) {
    const double scale = 1.0 / (static_cast<double>(target) / source);
    std::vector<Tap> result(static_cast<std::size_t>(target));
    for (int i = 0; i < target; ++i) {
        const auto position = static_cast<float>((i + 0.5) * scale - 0.5);
        const int whole = static_cast<int>(std::floor(position));
        const float fraction = position - static_cast<float>(whole);
        result[static_cast<std::size_t>(i)] = {
            std::clamp(whole, 0, source - 1), std::clamp(whole + 1, 0, source - 1),
            static_cast<int>(std::lrint((1.0F - fraction) * weight_one)),
            static_cast<int>(std::lrint(fraction * weight_one))};
    }
    return result;
}

void scale_row(const std::uint8_t* source, const std::vector<Tap>& columns, std::int32_t* sums) {
    for (const Tap& tap : columns) {
        const std::uint8_t* const a = source + static_cast<std::ptrdiff_t>(tap.first) * channels;
        const std::uint8_t* const b = source + static_cast<std::ptrdiff_t>(tap.second) * channels;
        for (int c = 0; c < channels; ++c) {
            *sums++ = a[c] * tap.first_weight + b[c] * tap.second_weight;
        }
    }
}

void blend_rows(const std::int32_t* above, const std::int32_t* below, const Tap& tap,
                std::size_t count, std::uint8_t* target) {
    for (std::size_t i = 0; i < count; ++i) {
        const int a = ((above[i] >> 4) * tap.first_weight) >> 16;
        const int b = ((below[i] >> 4) * tap.second_weight) >> 16;
        target[i] = static_cast<std::uint8_t>((a + b + 2) >> 2);
    }
}

}  // namespace

void resize_linear(std::span<const std::uint8_t> source, int width, int height,
                   const RgbTarget& target) {
    const std::vector<Tap> columns = taps(width, target.width);
    const std::vector<Tap> rows = taps(height, target.height);
    const std::size_t count = columns.size() * channels;
    const auto source_row = static_cast<std::size_t>(width) * channels;

    // The two scaled source rows in use; going down, the lower one becomes the upper one.
    std::array<std::vector<std::int32_t>, 2> sums = {std::vector<std::int32_t>(count),
                                                     std::vector<std::int32_t>(count)};
    std::array<int, 2> held = {-1, -1};
    const auto hold = [&](std::size_t slot, int row) {
        if (held[slot] == row) {
            return;
        }
        scale_row(source.data() + source_row * static_cast<std::size_t>(row), columns,
                  sums[slot].data());
        held[slot] = row;
    };
    std::uint8_t* to = target.pixels;
    for (const Tap& tap : rows) {
        if (held[1] == tap.first) {
            std::swap(sums[0], sums[1]);
            std::swap(held[0], held[1]);
        }
        hold(0, tap.first);
        hold(1, tap.second);
        blend_rows(sums[0].data(), sums[1].data(), tap, count, to);
        to += target.row_bytes;
    }
}

}  // namespace speciesnet
