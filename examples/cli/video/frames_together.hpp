// SPDX-License-Identifier: Apache-2.0
// Groups results by file: one result for each photo, all frames for each video.
#pragma once

#include "speciesnet/prediction.hpp"

#include "results/results.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>

namespace speciesnet::cli {

/// Iterates over the results by file, in order. Only the results of one file are in memory. Frames
/// of a video that are not consecutive, as in an edited document, count as several files.
/// @param visit receives the file's path and one result, or those of the frames
void for_each_file(
    const Results& results,
    const std::function<void(const std::string& file, std::span<const Prediction> of_file)>& visit);

/// Returns the single answer of a file: photo_answer(), or decide_sequence() over the frames of a
/// video.
/// @return nothing if the photo, or every frame, failed
std::optional<Answer> file_answer(std::span<const Prediction> of_file, double threshold);

/// Merges the results of a file into one: a video has the detections of all its frames, best first,
/// and has failed only if every frame has.
Prediction merged(const std::string& file, std::span<const Prediction> of_file);

}  // namespace speciesnet::cli
