// SPDX-License-Identifier: Apache-2.0
// Draws boxes and labels on photos.
#pragma once

#include "speciesnet/detection.hpp"

#include "canvas.hpp"
#include "font.hpp"

#include <string>
#include <vector>

namespace speciesnet::cli {

/// A box and what is written at it.
struct Annotation {
    Category category = Category::animal;
    BoundingBox bbox;
    std::string text;
};

/// What is drawn on a photo.
struct Annotations {
    /// The most important first: they choose the places of their labels first.
    std::vector<Annotation> boxes;
    /// Of the whole photo, written in its corner; may be empty.
    std::string caption;
};

/// The pixels of a box, at least one. @param bbox parts of the image; any numbers at all
Rectangle pixels_of(const BoundingBox& bbox, const Canvas& canvas);

/// Draws boxes alone, for small images.
void draw_boxes(Canvas& canvas, const std::vector<Annotation>& boxes);

/// Draws boxes, labels and caption. Labels never overlap and stay inside; the caption says how many
/// found no place.
void draw_annotations(Canvas& canvas, const Annotations& annotations, const Font& font);

/// Images whose longer side is shorter than this, in pixels, are enlarged before labels are
/// drawn: no label would fit otherwise.
inline constexpr int smallest_labelled_side = 320;

/// The whole factor by which an image is to be enlarged for its labels; 1 if it is large enough.
int enlargement(const Canvas& canvas);

}  // namespace speciesnet::cli
