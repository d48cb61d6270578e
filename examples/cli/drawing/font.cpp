// SPDX-License-Identifier: Apache-2.0
// Uses stb_truetype only on the embedded font, because it trusts its input.
#include "font.hpp"

#include "speciesnet/error.hpp"

#include "utf8.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#define STB_TRUETYPE_IMPLEMENTATION
#define STBTT_STATIC
#include <stb/stb_truetype.h>

extern "C" const unsigned char speciesnet_label_font_begin[];

namespace speciesnet::cli {

struct Font::Outlines {
    stbtt_fontinfo info{};
    int ascent = 0;
    int descent = 0;  ///< Negative.

    float scale(int size) const {
        return stbtt_ScaleForPixelHeight(&info, static_cast<float>(size));
    }

    /// Calls visit(glyph, x) with each glyph and its origin in pixels.
    /// @return the origin of the next glyph
    template <typename Visitor>
    float walk(std::string_view text, int size, const Visitor& visit) const {
        const float factor = scale(size);
        float x = 0;
        int previous = 0;
        for (const auto point : code_points(text)) {
            const int glyph = stbtt_FindGlyphIndex(&info, static_cast<int>(point));
            x += factor * static_cast<float>(stbtt_GetGlyphKernAdvance(&info, previous, glyph));
            visit(glyph, x);
            int advance = 0;
            stbtt_GetGlyphHMetrics(&info, glyph, &advance, nullptr);
            x += factor * static_cast<float>(advance);
            previous = glyph;
        }
        return x;
    }
};

namespace {

/// Maximum length of a drawn text in code points; labels are much shorter.
constexpr std::size_t longest_text = 200;

/// A glyph's coverage, 0 to 255 for each pixel, and the offset of its corner from the origin.
struct Coverage {
    std::vector<unsigned char> values;
    Rectangle area;
};

Coverage rasterize(const stbtt_fontinfo& info, int glyph, float scale, float shift) {
    int left = 0;
    int top = 0;
    int right = 0;
    int bottom = 0;
    stbtt_GetGlyphBitmapBoxSubpixel(&info, glyph, scale, scale, shift, 0, &left, &top, &right,
                                    &bottom);
    Coverage coverage{{}, {left, top, right - left, bottom - top}};
    if (!coverage.area.empty()) {
        coverage.values.resize(static_cast<std::size_t>(coverage.area.width) *
                               static_cast<std::size_t>(coverage.area.height));
        stbtt_MakeGlyphBitmapSubpixel(&info, coverage.values.data(), coverage.area.width,
                                      coverage.area.height, coverage.area.width, scale, scale,
                                      shift, 0, glyph);
    }
    return coverage;
}

void blend(Canvas& canvas, const Coverage& coverage, int x, int y, Color color) {
    auto value = coverage.values.begin();
    for (int row = 0; row < coverage.area.height; ++row) {
        for (int column = 0; column < coverage.area.width; ++column) {
            canvas.blend(x + coverage.area.left + column, y + coverage.area.top + row, color,
                         *value++);
        }
    }
}

}  // namespace

Font::Font() {
    auto outlines = std::make_unique<Outlines>();
    if (stbtt_InitFont(&outlines->info, speciesnet_label_font_begin, 0) == 0) {
        throw Error(ErrorCode::internal, "the embedded font cannot be read");
    }
    stbtt_GetFontVMetrics(&outlines->info, &outlines->ascent, &outlines->descent, nullptr);
    outlines_ = std::move(outlines);
}

Font::~Font() = default;

int Font::line_height(int size) const {
    const float height =
        outlines_->scale(size) * static_cast<float>(outlines_->ascent - outlines_->descent);
    return static_cast<int>(std::ceil(height));
}

int Font::width(std::string_view text, int size) const {
    return static_cast<int>(std::ceil(outlines_->walk(text, size, [](int, float) {})));
}

void Font::draw(Canvas& canvas, int left, int top, std::string_view text, int size,
                Color color) const {
    const float scale = outlines_->scale(size);
    const int baseline =
        top + static_cast<int>(std::lround(scale * static_cast<float>(outlines_->ascent)));
    outlines_->walk(text, size, [&](int glyph, float x) {
        const float whole = std::floor(x);
        blend(canvas, rasterize(outlines_->info, glyph, scale, x - whole),
              left + static_cast<int>(whole), baseline, color);
    });
}

std::string fitted(const Font& font, std::string_view text, int size, int width) {
    auto points = code_points(printable(text));
    const auto last_word = points.rfind(U' ') == std::u32string::npos
                               ? std::u32string()
                               : points.substr(points.rfind(U' '));
    points.resize(points.size() - last_word.size());
    const bool cut = points.size() > longest_text;
    points.resize(std::min(points.size(), longest_text));
    const auto fits = [&](const std::u32string& line) {
        return font.width(utf8(line), size) <= width;
    };
    if (!cut && fits(points + last_word)) {
        return utf8(points + last_word);
    }
    while (!points.empty()) {
        points.pop_back();
        if (const auto line = std::u32string(points).append(U"…").append(last_word); fits(line)) {
            return utf8(line);
        }
    }
    const auto alone = last_word.empty() ? last_word : last_word.substr(1);
    return !alone.empty() && fits(alone) ? utf8(alone) : std::string();
}

}  // namespace speciesnet::cli
