// SPDX-License-Identifier: Apache-2.0
// Draws lines of text on images.
#pragma once

#include "canvas.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// The font in the program: Open Sans Semibold. Text is UTF-8. Invalid bytes and control characters
/// appear as U+FFFD, characters that the font lacks as an empty box. Immutable and thread-safe.
class Font {
public:
    Font();
    ~Font();
    Font(const Font&) = delete;
    Font& operator=(const Font&) = delete;

    /// Returns the height of a line in pixels, from the highest ascender to the lowest descender.
    /// @param size nominal height in pixels
    int line_height(int size) const;
    int width(std::string_view text, int size) const;

    /// Draws a line of text. @param top of its line_height() pixels
    void draw(Canvas& canvas, int left, int top, std::string_view text, int size,
              Color color) const;

private:
    struct Outlines;
    std::unique_ptr<const Outlines> outlines_;
};

/// Shortens a text to a width: characters before its last word are replaced by "…". The last word,
/// a score, stays if it fits. Empty if nothing fits.
std::string fitted(const Font& font, std::string_view text, int size, int width);

}  // namespace speciesnet::cli
