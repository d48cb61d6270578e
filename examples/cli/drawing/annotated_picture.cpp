// SPDX-License-Identifier: Apache-2.0
// Lines and letters scale with the image. Lines have dark edges and labels have a coloured
// background, so that both are visible on snow as well as at night.
#include "annotated_picture.hpp"

#include "label_layout.hpp"
#include "palette.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace speciesnet::cli {
namespace {

constexpr int smallest_text = 13;
constexpr int largest_text = 96;
/// Relative to the geometric mean of an image's sides: 42 pixels in a photo of 2048 × 1536.
constexpr double text_part = 1.0 / 42;

/// The sizes for an image, in pixels.
struct Style {
    int text = smallest_text;
    int padding = 1;  ///< Around the text of a label.
    int line = 2;     ///< Thickness of the coloured line of a box; its dark edges are thinner.

    int edge() const { return std::max(1, line / 3); }
};

Style style_for(const Canvas& canvas) {
    const double mean_side = std::sqrt(static_cast<double>(canvas.width()) * canvas.height());
    Style style;
    style.text = std::clamp(static_cast<int>(mean_side * text_part), smallest_text, largest_text);
    style.padding = std::max(2, style.text / 5);
    style.line = std::max(2, style.text / 7);
    return style;
}

/// A text shortened so that its label fits the image, and the label's size.
struct Plate {
    std::string text;
    int width = 0;
    int height = 0;
};

Plate plate_for(const std::string& text, const Canvas& canvas, const Font& font,
                const Style& style) {
    Plate plate{fitted(font, text, style.text, canvas.width() - 2 * style.padding), 0, 0};
    if (!plate.text.empty()) {
        plate.width = font.width(plate.text, style.text) + 2 * style.padding;
        plate.height = font.line_height(style.text) + 2;
    }
    return plate;
}

void draw_plate(Canvas& canvas, const Plate& plate, const Rectangle& place, Color ground, Color ink,
                const Font& font, const Style& style) {
    canvas.fill(place, ground);
    font.draw(canvas, place.left + style.padding, place.top + 1, plate.text, style.text, ink);
}

void draw_box(Canvas& canvas, const Rectangle& box, Color color, const Style& style) {
    const int edge = style.edge();
    canvas.frame(box.grown(edge), 2 * edge + style.line, black);
    canvas.frame(box, style.line, color);
}

std::string caption_with(const std::string& caption, std::size_t unplaced) {
    if (unplaced == 0) {
        return caption;
    }
    const auto note =
        std::to_string(unplaced) + (unplaced == 1 ? " box" : " boxes") + " without a label";
    return caption.empty() ? note : caption + " | " + note;
}

/// Draws in the corner where most cameras write nothing. @return the covered area
Rectangle draw_caption(Canvas& canvas, const std::string& caption, const Font& font,
                       const Style& style) {
    const auto plate = plate_for(caption, canvas, font, style);
    const Rectangle place{0, 0, plate.width, plate.height};
    draw_plate(canvas, plate, place, black, white, font, style);
    return place;
}

}  // namespace

Rectangle pixels_of(const BoundingBox& bbox, const Canvas& canvas) {
    // Boxes in files may contain any value; the comparison rejects NaN.
    const auto position = [](double relative, int length) {
        const double inside = relative > 0 ? std::min(relative, 1.0) : 0.0;
        return static_cast<int>(std::lround(inside * length));
    };
    const int left = std::min(position(bbox.xmin, canvas.width()), canvas.width() - 1);
    const int top = std::min(position(bbox.ymin, canvas.height()), canvas.height() - 1);
    const int right = position(bbox.xmin + bbox.width, canvas.width());
    const int bottom = position(bbox.ymin + bbox.height, canvas.height());
    return {left, top, std::max(1, right - left), std::max(1, bottom - top)};
}

void draw_boxes(Canvas& canvas, const std::vector<Annotation>& boxes) {
    const auto style = style_for(canvas);
    for (auto box = boxes.rbegin(); box != boxes.rend(); ++box) {
        draw_box(canvas, pixels_of(box->bbox, canvas), category_color(box->category), style);
    }
}

void draw_annotations(Canvas& canvas, const Annotations& annotations, const Font& font) {
    const auto style = style_for(canvas);
    std::vector<Plate> plates;
    std::vector<Label> labels;
    for (const auto& annotation : annotations.boxes) {
        plates.push_back(plate_for(annotation.text, canvas, font, style));
        labels.push_back({pixels_of(annotation.bbox, canvas).grown(style.edge()),
                          plates.back().width, plates.back().height});
    }
    draw_boxes(canvas, annotations.boxes);

    // Reserves space for the longest form of the caption, which also suffices for shorter ones.
    const auto reserved =
        plate_for(caption_with(annotations.caption, labels.size()), canvas, font, style);
    std::vector<Rectangle> taken;
    if (!annotations.caption.empty()) {
        taken.push_back({0, 0, reserved.width, reserved.height});
    }
    auto places = place_labels(canvas.area(), labels, taken);
    auto unplaced =
        static_cast<std::size_t>(std::count(places.begin(), places.end(), std::nullopt));
    if (unplaced > 0 && taken.empty()) {
        taken.push_back({0, 0, reserved.width, reserved.height});
        places = place_labels(canvas.area(), labels, taken);
        unplaced = static_cast<std::size_t>(std::count(places.begin(), places.end(), std::nullopt));
    }
    if (const auto caption = caption_with(annotations.caption, unplaced); !caption.empty()) {
        draw_caption(canvas, caption, font, style);
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (places[i]) {
            draw_plate(canvas, plates[i], *places[i], category_color(annotations.boxes[i].category),
                       black, font, style);
        }
    }
}

int enlargement(const Canvas& canvas) {
    const int longer = std::max(canvas.width(), canvas.height());
    return (smallest_labelled_side + longer - 1) / longer;
}

}  // namespace speciesnet::cli
