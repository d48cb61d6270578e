// SPDX-License-Identifier: Apache-2.0
// Groups results by file: photos one by one, the frames of a video together.
#pragma once

#include "speciesnet/prediction.hpp"

#include "results/results.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>

namespace speciesnet::cli {

/// Visits the results of each file, in their order. In memory are those of one file. Frames of a
/// video that do not follow each other, in a document that was edited, are several files.
/// @param visit gets the file's path and one result, or those of the frames
void for_each_file(
    const Results& results,
    const std::function<void(const std::string& file, std::span<const Prediction> of_file)>& visit);

/// The one answer of a file: photo_answer(), for a video decide_sequence() over those of its
/// frames.
/// @return nothing if the photo, or every frame, failed
std::optional<Answer> file_answer(std::span<const Prediction> of_file, double threshold);

/// What a file shows, as one result: a video has the detections of all its frames, best first, and
/// has failed if every frame has.
Prediction merged(const std::string& file, std::span<const Prediction> of_file);

}  // namespace speciesnet::cli
