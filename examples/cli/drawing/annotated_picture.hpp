// SPDX-License-Identifier: Apache-2.0
// Draws boxes and labels on photos.
#pragma once

#include "speciesnet/detection.hpp"

#include "canvas.hpp"
#include "font.hpp"

#include <string>
#include <vector>

namespace speciesnet::cli {

/// A box and its label.
struct Annotation {
    Category category = Category::animal;
    BoundingBox bbox;
    std::string text;
};

/// Everything that is drawn on a photo.
struct Annotations {
    /// Most important first: their labels are placed first.
    std::vector<Annotation> boxes;
    /// For the whole photo, drawn in its corner; may be empty.
    std::string caption;
};

/// Returns the pixels of a box, at least one. @param bbox relative to the image; any values
Rectangle pixels_of(const BoundingBox& bbox, const Canvas& canvas);

/// Draws boxes without labels, for small images.
void draw_boxes(Canvas& canvas, const std::vector<Annotation>& boxes);

/// Draws boxes, labels and caption. Labels never overlap and stay inside the image; the caption
/// states how many did not fit.
void draw_annotations(Canvas& canvas, const Annotations& annotations, const Font& font);

/// Images whose longer side is shorter than this, in pixels, are enlarged before labels are drawn,
/// because no label would fit otherwise.
inline constexpr int smallest_labelled_side = 320;

/// Returns the integer factor by which to enlarge an image for its labels; 1 if it is large enough.
int enlargement(const Canvas& canvas);

}  // namespace speciesnet::cli
