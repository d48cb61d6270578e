// SPDX-License-Identifier: Apache-2.0
// Drawings on photos, verified in the pixels.
#include "speciesnet/error.hpp"
#include "speciesnet/image.hpp"

#include "drawing/annotated_picture.hpp"
#include "drawing/jpeg_writer.hpp"
#include "drawing/palette.hpp"
#include "drawing/pixelation.hpp"
#include "drawing/utf8.hpp"

#include <cmath>
#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <tuple>

#include <doctest/doctest.h>

namespace speciesnet::cli {
namespace {

Canvas filled(int width, int height, Color color) {
    Canvas canvas(width, height);
    canvas.fill(canvas.area(), color);
    return canvas;
}

int count_of(const Canvas& canvas, Color color) {
    int count = 0;
    for (int y = 0; y < canvas.height(); ++y) {
        for (int x = 0; x < canvas.width(); ++x) {
            count += canvas.color(x, y) == color ? 1 : 0;
        }
    }
    return count;
}

/// Noise, in which neighbouring pixels always differ.
Canvas noise(int width, int height) {
    Canvas canvas(width, height);
    unsigned state = 1;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            state = state * 1664525 + 1013904223;
            const auto value = static_cast<std::uint8_t>(state >> 24U);
            canvas.fill({x, y, 1, 1}, {value, static_cast<std::uint8_t>(255 - value), value});
        }
    }
    return canvas;
}

std::size_t colors_in(const Canvas& canvas, const Rectangle& area) {
    std::set<std::tuple<int, int, int>> colors;
    for (int y = area.top; y < area.bottom(); ++y) {
        for (int x = area.left; x < area.right(); ++x) {
            const auto [red, green, blue] = canvas.color(x, y);
            colors.insert({red, green, blue});
        }
    }
    return colors.size();
}

double luminance(Color color) {
    const auto linear = [](std::uint8_t value) {
        const double c = value / 255.0;
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue);
}

}  // namespace

TEST_CASE("drawing beyond the edges changes nothing and crashes nothing") {
    auto canvas = filled(10, 10, white);
    canvas.fill({-5, -5, 3, 3}, black);
    canvas.frame({8, 8, 100, 100}, 1, black);
    canvas.blend(-1, 3, black, 255);
    canvas.blend(3, 10, black, 255);
    CHECK(count_of(canvas, black) == 3);
}

TEST_CASE("the pixels of a smaller image are means") {
    auto canvas = filled(4, 2, white);
    canvas.fill({0, 0, 1, 2}, black);
    const auto small = shrunk(canvas, 2, 1);
    CHECK(small.color(0, 0) == Color{128, 128, 128});
    CHECK(small.color(1, 0) == white);
    CHECK(shrunk_to(filled(400, 100, white), 200).height() == 50);
    CHECK(shrunk_to(filled(400, 1, white), 200).height() == 1);
    CHECK(enlarged(canvas, 3).color(2, 5) == black);
    CHECK(enlarged(canvas, 3).color(3, 5) == white);
}

TEST_CASE("a crop contains the pixels of its box") {
    auto canvas = filled(10, 10, white);
    canvas.fill({3, 2, 4, 5}, black);
    const auto crop = cropped(canvas, {3, 2, 4, 5});
    CHECK(crop.area() == Rectangle{0, 0, 4, 5});
    CHECK(count_of(crop, black) == 20);
    CHECK(count_of(cropped(canvas, canvas.area()), black) == 20);
}

TEST_CASE("boxes in files may contain any value and stay inside the image") {
    const auto canvas = filled(100, 50, white);
    const double nan = std::nan("");
    for (const double value : {nan, -1e300, 1e300, HUGE_VAL, -HUGE_VAL, 0.5}) {
        for (const BoundingBox& box :
             {BoundingBox{value, value, value, value}, BoundingBox{0.2, value, 0.3, 0.3},
              BoundingBox{0.2, 0.2, value, value}}) {
            const auto pixels = pixels_of(box, canvas);
            CHECK(contains(canvas.area(), pixels));
            CHECK_FALSE(pixels.empty());
        }
    }
    CHECK(pixels_of({0.1, 0.2, 0.5, 0.5}, canvas) == Rectangle{10, 10, 50, 25});
}

TEST_CASE("black text on each category's label has a contrast of 7:1 at least") {
    for (const auto category :
         {Category::animal, Category::human, Category::vehicle, Category::whole_image}) {
        CHECK((luminance(category_color(category)) + 0.05) / 0.05 >= 7);
    }
}

TEST_CASE("a box has its category's colour between dark lines, on white and on black") {
    for (const auto ground : {white, black}) {
        auto canvas = filled(400, 300, ground);
        draw_boxes(canvas, {{Category::human, {0.25, 0.25, 0.5, 0.5}, ""}});
        CHECK(canvas.color(100, 150) == category_color(Category::human));
        CHECK(canvas.color(99, 150) == black);
        CHECK(canvas.color(102, 150) == black);
        CHECK(canvas.color(200, 150) == ground);
    }
}

TEST_CASE("a label is drawn in its category's colour with black letters") {
    auto canvas = filled(640, 480, {1, 2, 3});
    draw_annotations(canvas, {{{Category::animal, {0.4, 0.4, 0.2, 0.2}, "plains zebra 0.99"}}, ""},
                     Font());
    CHECK(count_of(canvas, category_color(Category::animal)) > 1500);
    CHECK(count_of(canvas, black) > 300);
}

TEST_CASE("boxes without room for their label are counted in the caption") {
    const Annotation box{Category::animal, {0, 0, 1, 1}, "a rather long name of an animal 0.50"};
    auto crowded = filled(320, 40, {1, 2, 3});
    draw_annotations(crowded, {{box, box, box, box, box, box}, ""}, Font());
    CHECK(count_of(crowded, white) > 0);
    auto roomy = filled(1280, 960, {1, 2, 3});
    draw_annotations(roomy, {{box, box}, ""}, Font());
    CHECK(count_of(roomy, white) == 0);
}

TEST_CASE("any image and any text can be drawn") {
    const Font font;
    for (const auto& [width, height] : {std::pair{1, 1}, {1, 3000}, {3000, 1}, {40, 40}}) {
        auto canvas = filled(width, height, white);
        draw_annotations(canvas,
                         {{{Category::animal, {0, 0, 1, 1}, std::string(100000, 'W')},
                           {Category::human, {0.5, 0.5, 2, 2}, "\xff\xfe\n\t\xe2\x82 0.5"}},
                          std::string(1000, ' ')},
                         font);
        CHECK(canvas.width() == width);
    }
}

TEST_CASE("tiny images are enlarged for their labels, others are not") {
    CHECK(enlargement(filled(32, 24, white)) == 10);
    CHECK(enlargement(filled(319, 10, white)) == 2);
    CHECK(enlargement(filled(320, 10, white)) == 1);
}

TEST_CASE("a text that is too wide loses its middle, never its score") {
    const Font font;
    const std::string text = "northern white-breasted hedgehog 0.87";
    CHECK(fitted(font, text, 20, 1000) == text);
    const auto shorter = fitted(font, text, 20, 150);
    CHECK(font.width(shorter, 20) <= 150);
    CHECK(shorter.starts_with("nor"));
    CHECK(shorter.ends_with("… 0.87"));
    CHECK(fitted(font, text, 20, 45) == "0.87");
    CHECK(fitted(font, text, 20, 5).empty());
}

TEST_CASE("invalid UTF-8, control and direction characters become replacement characters") {
    CHECK(printable("K\xc3\xa4nguru") == "K\xc3\xa4nguru");
    CHECK(printable("a\xff"
                    "b\x1b[2J\n") ==
          "a\xef\xbf\xbd"
          "b\xef\xbf\xbd[2J\xef\xbf\xbd");
    CHECK(printable("\xc0\x80") == "\xef\xbf\xbd\xef\xbf\xbd");
    CHECK(printable("\xed\xa0\x80") == "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    CHECK(printable("\xe2\x80\xae") == "\xef\xbf\xbd");
    CHECK(printable("\xf0\x9f\xa6\x93") == "\xf0\x9f\xa6\x93");
    CHECK(printable("\xf0\x9f") == "\xef\xbf\xbd\xef\xbf\xbd");
}

TEST_CASE("a pixelated area keeps a few mean colours; nothing outside it changes") {
    auto canvas = noise(200, 200);
    const auto before = canvas;
    const Rectangle area{50, 40, 100, 120};
    pixelate(canvas, area);
    CHECK(colors_in(canvas, area) <= pixelation_blocks * pixelation_blocks);
    CHECK(canvas.color(49, 100) == before.color(49, 100));
    CHECK(canvas.color(150, 100) == before.color(150, 100));
    CHECK(canvas.color(100, 160) == before.color(100, 160));
    pixelate(canvas, {-50, -50, 58, 58});
    CHECK(colors_in(canvas, {0, 0, 8, 8}) == 1);
    pixelate(canvas, {500, 500, 10, 10});
}

TEST_CASE("a JPEG file contains the image and the comment, and too large sizes are refused") {
    auto canvas = filled(33, 17, {200, 100, 50});
    const auto jpeg = encode_jpeg(canvas, 90, jpeg_mark);
    CHECK(jpeg.substr(0, 256).find(jpeg_mark) != std::string::npos);
    const auto decoded = Canvas(decode(std::as_bytes(std::span(jpeg))));
    CHECK(decoded.width() == 33);
    CHECK(decoded.height() == 17);
    CHECK(std::abs(decoded.color(16, 8).red - 200) <= 2);
    CHECK_THROWS_AS(encode_jpeg(Canvas(65501, 1), 90, ""), InvalidArgument);
}

}  // namespace speciesnet::cli
