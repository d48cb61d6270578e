// SPDX-License-Identifier: Apache-2.0
// Derives the annotations of a photo from its prediction.
#pragma once

#include "speciesnet/prediction.hpp"

#include "drawing/annotated_picture.hpp"
#include "results/photo_answers.hpp"

namespace speciesnet::cli {

/// Returns boxes with at least a confidence, each with its answer and score or, without an answer,
/// its category and confidence. The caption holds the answer for the whole photo, and failures.
Annotations annotations_of(const Prediction& prediction, Names names, double threshold);

}  // namespace speciesnet::cli
