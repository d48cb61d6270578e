// SPDX-License-Identifier: Apache-2.0
// Converts samples to RGB.
#include "colour.hpp"

#include <algorithm>

namespace speciesnet {
namespace {

/// Returns a·b / 255, rounded as Pillow does (MULDIV255).
int multiply_divide_255(int a, int b) {
    const int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
}

}  // namespace

Palette grey_palette(int bits) {
    const int highest = (1 << bits) - 1;
    Palette palette{};
    for (int value = 0; value <= highest; ++value) {
        palette[static_cast<std::size_t>(value)].fill(
            static_cast<std::uint8_t>(value * 255 / highest));
    }
    return palette;
}

std::vector<std::uint8_t> fill(PixelSize size, const Rgb& colour) {
    std::vector<std::uint8_t> rgb(rgb_bytes(size));
    if (colour != Rgb{}) {
        for (auto at = rgb.begin(); at != rgb.end(); at += 3) {
            std::ranges::copy(colour, at);
        }
    }
    return rgb;
}

void unpack_palette(Bytes row, int bits, const Palette& palette, std::span<std::uint8_t> rgb) {
    const unsigned mask = (1U << bits) - 1;
    const auto per_byte = static_cast<std::size_t>(8 / bits);
    auto out = rgb.begin();
    for (std::size_t x = 0; x < rgb.size() / 3; ++x) {
        const auto shift = 8 - static_cast<std::size_t>(bits) * (x % per_byte + 1);
        const unsigned value = std::to_integer<unsigned>(row[x / per_byte]) >> shift & mask;
        out = std::ranges::copy(palette[value], out).out;
    }
}

Rgb cmyk_to_rgb(int cyan, int magenta, int yellow, int black) {
    const int white = 255 - black;
    const auto channel = [white](int ink) {
        return static_cast<std::uint8_t>(std::max(0, white - multiply_divide_255(ink, white)));
    };
    return {channel(cyan), channel(magenta), channel(yellow)};
}

}  // namespace speciesnet
