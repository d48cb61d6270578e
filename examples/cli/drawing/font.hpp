// SPDX-License-Identifier: Apache-2.0
// Draws lines of text on images.
#pragma once

#include "canvas.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// The font that is part of the program: Open Sans Semibold. Text is UTF-8; bytes that are none,
/// and control characters, show as U+FFFD; characters that the font lacks as an empty box.
/// Immutable: safe to use from many threads.
class Font {
public:
    Font();
    ~Font();
    Font(const Font&) = delete;
    Font& operator=(const Font&) = delete;

    /// Pixels that a line takes, from its highest ascender to its lowest descender.
    /// @param size nominal height in pixels
    int line_height(int size) const;
    int width(std::string_view text, int size) const;

    /// Draws a line. @param top of the line_height() pixels that it takes
    void draw(Canvas& canvas, int left, int top, std::string_view text, int size,
              Color color) const;

private:
    struct Outlines;
    std::unique_ptr<const Outlines> outlines_;
};

/// A text that is at most so wide: if it is wider, characters before its last word give way to "…".
/// The last word, a score, stays as long as it fits itself. Empty if nothing fits.
std::string fitted(const Font& font, std::string_view text, int size, int width);

}  // namespace speciesnet::cli
