// SPDX-License-Identifier: Apache-2.0
// Plain loops over bytes.
#include "canvas.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace speciesnet::cli {
namespace {

void set(std::span<std::uint8_t, 3> pixel, Color color) {
    pixel[0] = color.red;
    pixel[1] = color.green;
    pixel[2] = color.blue;
}

/// Returns where part `index` of `parts` begins on a side of `length` pixels.
int part_begin(int index, int parts, int length) {
    return static_cast<int>(static_cast<std::int64_t>(index) * length / parts);
}

}  // namespace

Canvas cropped(const Canvas& picture, const Rectangle& area) {
    Canvas crop(area.width, area.height);
    for (int y = 0; y < area.height; ++y) {
        for (int x = 0; x < area.width; ++x) {
            set(crop.pixel(x, y), picture.color(area.left + x, area.top + y));
        }
    }
    return crop;
}

Color mean_color(const Canvas& picture, const Rectangle& area) {
    std::array<std::uint64_t, 3> sums{};
    for (int y = area.top; y < area.bottom(); ++y) {
        const auto row = picture.row(y);
        for (int x = area.left; x < area.right(); ++x) {
            for (std::size_t channel = 0; channel < 3; ++channel) {
                sums[channel] += row[static_cast<std::size_t>(x) * 3 + channel];
            }
        }
    }
    const auto count = static_cast<std::uint64_t>(area.width) * area.height;
    const auto mean = [&](std::uint64_t sum) {
        return static_cast<std::uint8_t>((sum + count / 2) / count);
    };
    return {mean(sums[0]), mean(sums[1]), mean(sums[2])};
}

Canvas::Canvas(const Image& photo)
    : width_(photo.width()),
      height_(photo.height()),
      rgb_(photo.pixels().begin(), photo.pixels().end()) {}

Canvas::Canvas(int width, int height)
    : width_(width),
      height_(height),
      rgb_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3) {}

std::size_t Canvas::offset(int x, int y) const noexcept {
    return (static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
            static_cast<std::size_t>(x)) *
           3;
}

std::span<std::uint8_t, 3> Canvas::pixel(int x, int y) noexcept {
    return std::span<std::uint8_t, 3>(rgb_.data() + offset(x, y), 3);
}

Color Canvas::color(int x, int y) const noexcept {
    const auto* const rgb = rgb_.data() + offset(x, y);
    return {rgb[0], rgb[1], rgb[2]};
}

std::span<const std::uint8_t> Canvas::row(int y) const noexcept {
    return {rgb_.data() + offset(0, y), static_cast<std::size_t>(width_) * 3};
}

void Canvas::fill(const Rectangle& rectangle, Color color) {
    const auto visible = intersection(rectangle, area());
    for (int y = visible.top; y < visible.bottom(); ++y) {
        for (int x = visible.left; x < visible.right(); ++x) {
            set(pixel(x, y), color);
        }
    }
}

void Canvas::frame(const Rectangle& rectangle, int thickness, Color color) {
    const int upright = std::min(thickness, rectangle.height);
    const int across = std::min(thickness, rectangle.width);
    fill({rectangle.left, rectangle.top, rectangle.width, upright}, color);
    fill({rectangle.left, rectangle.bottom() - upright, rectangle.width, upright}, color);
    fill({rectangle.left, rectangle.top, across, rectangle.height}, color);
    fill({rectangle.right() - across, rectangle.top, across, rectangle.height}, color);
}

void Canvas::blend(int x, int y, Color color, std::uint8_t coverage) {
    if (!contains(area(), {x, y, 1, 1})) {
        return;
    }
    const auto mix = [coverage](int below, int above) {
        return static_cast<std::uint8_t>((below * (255 - coverage) + above * coverage + 127) / 255);
    };
    const auto old = this->color(x, y);
    set(pixel(x, y),
        {mix(old.red, color.red), mix(old.green, color.green), mix(old.blue, color.blue)});
}

Canvas shrunk(const Canvas& picture, int width, int height) {
    Canvas result(width, height);
    for (int y = 0; y < height; ++y) {
        const int top = part_begin(y, height, picture.height());
        const int bottom = part_begin(y + 1, height, picture.height());
        for (int x = 0; x < width; ++x) {
            const int left = part_begin(x, width, picture.width());
            const int right = part_begin(x + 1, width, picture.width());
            set(result.pixel(x, y), mean_color(picture, {left, top, right - left, bottom - top}));
        }
    }
    return result;
}

Canvas shrunk_to(Canvas picture, int longer_side) {
    const int longer = std::max(picture.width(), picture.height());
    if (longer <= longer_side) {
        return picture;
    }
    const auto scaled = [&](int side) {
        return std::max(1, part_begin(longer_side, longer, side));
    };
    return shrunk(picture, scaled(picture.width()), scaled(picture.height()));
}

Canvas enlarged(const Canvas& picture, int factor) {
    Canvas result(picture.width() * factor, picture.height() * factor);
    for (int y = 0; y < result.height(); ++y) {
        for (int x = 0; x < result.width(); ++x) {
            set(result.pixel(x, y), picture.color(x / factor, y / factor));
        }
    }
    return result;
}

}  // namespace speciesnet::cli
