// SPDX-License-Identifier: Apache-2.0
// The annotations of a photo, from its prediction.
#pragma once

#include "speciesnet/prediction.hpp"

#include "drawing/annotated_picture.hpp"
#include "results/photo_answers.hpp"

namespace speciesnet::cli {

/// Boxes from a confidence on, each with its answer and score, or, without an answer, its category
/// and confidence; the caption holds what is said of the whole photo, and failures.
Annotations annotations_of(const Prediction& prediction, Names names, double threshold);

}  // namespace speciesnet::cli
