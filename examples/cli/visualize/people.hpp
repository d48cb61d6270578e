// SPDX-License-Identifier: Apache-2.0
// The positions of people in a photo according to its results, with a margin.
#pragma once

#include "speciesnet/prediction.hpp"

#include "drawing/canvas.hpp"

namespace speciesnet::cli {

/// Lowest confidence of a human detection to be blurred: lower than what is drawn, since a person
/// who is seen costs more than a bush that is not.
inline constexpr double people_threshold = 0.05;

/// Whether the detector or the classifier takes a detection for a person.
bool shows_person(const ClassifiedDetection& entry);

/// Pixelates people, with a margin around their boxes: detections of category human from
/// people_threshold on, and those whose answer or best class is human. The whole image, if
/// nothing is known of its boxes, or if a person is in it whose box is not known.
void blur_people(Canvas& canvas, const Prediction& prediction);

}  // namespace speciesnet::cli
