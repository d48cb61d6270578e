// SPDX-License-Identifier: Apache-2.0
// The positions of people in a photo according to its results, with a margin.
#pragma once

#include "speciesnet/prediction.hpp"

#include "drawing/canvas.hpp"

namespace speciesnet::cli {

/// Minimum confidence of a human detection to be blurred. It is lower than for drawing, because a
/// visible person is worse than a blurred bush.
inline constexpr double people_threshold = 0.05;

/// Returns whether the detector or the classifier considers a detection a person.
bool shows_person(const ClassifiedDetection& entry);

/// Pixelates people, with a margin around their boxes: detections of category human with at least
/// people_threshold, and those whose answer or best class is human. Pixelates the whole image if
/// its boxes are unknown, or if it contains a person without a box.
void blur_people(Canvas& canvas, const Prediction& prediction);

}  // namespace speciesnet::cli
