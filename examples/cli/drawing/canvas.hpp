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

/// 8-bit RGB pixels, rows from the top. Anything drawn beyond the edges is clipped.
class Canvas {
public:
    /// Copies a photo.
    explicit Canvas(const Image& photo);
    /// Creates a black image. @param width, height at least 1
    Canvas(int width, int height);

    int width() const noexcept { return width_; }
    int height() const noexcept { return height_; }
    Rectangle area() const noexcept { return {0, 0, width_, height_}; }
    /// Returns the three bytes of a pixel inside the image.
    std::span<std::uint8_t, 3> pixel(int x, int y) noexcept;
    Color color(int x, int y) const noexcept;
    std::span<const std::uint8_t> row(int y) const noexcept;

    void fill(const Rectangle& rectangle, Color color);
    /// Draws the border of a rectangle on its inside.
    void frame(const Rectangle& rectangle, int thickness, Color color);
    /// Blends a colour into a pixel. @param coverage 0 for no effect; 255 for the colour alone
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

/// Returns a smaller image, in which each pixel is the mean of the pixels that it replaces.
/// @param width, height at least 1, at most those of the image
Canvas shrunk(const Canvas& picture, int width, int height);

/// Returns an image whose longer side has at most `longer_side` pixels; a smaller one is unchanged.
Canvas shrunk_to(Canvas picture, int longer_side);

/// Returns a larger image, in which pixels are repeated. @param factor at least 1
Canvas enlarged(const Canvas& picture, int factor);

}  // namespace speciesnet::cli
