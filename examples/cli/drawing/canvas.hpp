// SPDX-License-Identifier: Apache-2.0
// An image that can be drawn on.
#pragma once

#include "speciesnet/image.hpp"

#include "rectangle.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace speciesnet::cli {

struct Color {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;

    friend bool operator==(const Color&, const Color&) = default;
};

/// 8-bit RGB pixels, rows from the top. What is drawn beyond the edges is left out.
class Canvas {
public:
    /// A copy of a photo.
    explicit Canvas(const Image& photo);
    /// A black image. @param width, height at least 1
    Canvas(int width, int height);

    int width() const noexcept { return width_; }
    int height() const noexcept { return height_; }
    Rectangle area() const noexcept { return {0, 0, width_, height_}; }
    /// The three bytes of a pixel inside.
    std::span<std::uint8_t, 3> pixel(int x, int y) noexcept;
    Color color(int x, int y) const noexcept;
    std::span<const std::uint8_t> row(int y) const noexcept;

    void fill(const Rectangle& rectangle, Color color);
    /// The border of a rectangle, drawn inwards.
    void frame(const Rectangle& rectangle, int thickness, Color color);
    /// Mixes a colour into a pixel. @param coverage 0: nothing; 255: the colour alone
    void blend(int x, int y, Color color, std::uint8_t coverage);

private:
    std::size_t offset(int x, int y) const noexcept;

    int width_;
    int height_;
    std::vector<std::uint8_t> rgb_;
};

/// @param area inside the image, not empty
Canvas cropped(const Canvas& picture, const Rectangle& area);

/// @param area inside the image, not empty
Color mean_color(const Canvas& picture, const Rectangle& area);

/// A smaller image, each pixel the mean of those it stands for.
/// @param width, height at least 1, at most those of the image
Canvas shrunk(const Canvas& picture, int width, int height);

/// An image whose longer side has at most so many pixels; unchanged if it has already.
Canvas shrunk_to(Canvas picture, int longer_side);

/// A larger image, each pixel repeated. @param factor at least 1
Canvas enlarged(const Canvas& picture, int factor);

}  // namespace speciesnet::cli
