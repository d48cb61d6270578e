// SPDX-License-Identifier: Apache-2.0
// The answers of a photo that count: a few names, in either result format.
#pragma once

#include "speciesnet/prediction.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// How animals are called.
enum class Names { common, scientific };

/// A label as people read it: "plains zebra", or "Equus quagga". Where one name is missing, the
/// other one; without either, the finest rank that the label has. Text that is no label is its own
/// name.
std::string display_name(std::string_view label, Names names);

/// One thing that a photo shows.
struct PhotoAnswer {
    std::string label;   ///< Seven parts.
    double score = 0;    ///< The best of all detections with this answer.
    int detections = 1;  ///< Detections with this answer; 0 for blank as nothing was detected.

    friend bool operator==(const PhotoAnswer&, const PhotoAnswer&) = default;
};

/// The label of what a detector finds.
std::string label_of_category(Category category);

/// The label under which a detection is shown and counted: its answer, else its best class, else
/// its category. Of a human or a vehicle that the classifier says nothing of, the category.
std::string shown_label(const ClassifiedDetection& entry);

/// The different answers of a photo, best score first. Blank and "no cv result" do not count beside
/// an answer that names something: a stray box does not make a zebra's photo blank, too. Results of
/// a detector alone count as animal, human and vehicle, with the detector's confidence. A photo in
/// which nothing was detected is blank.
/// @param threshold lowest confidence of a detection to count
/// @return empty if the photo failed
std::vector<PhotoAnswer> answers_of(const Prediction& prediction, double threshold);

/// The one answer of a photo where a table has room for one: of answers_of() that of the first
/// detection, in the order of confidence. Blank as nothing was detected has the score 0.
/// @return nothing if the photo failed
std::optional<Answer> photo_answer(const Prediction& prediction, double threshold);

/// Whether a label names people.
bool is_human(std::string_view label);

/// "0.97"
std::string two_decimals(double score);

/// The components that failed, as the reference names them, and the reason: "DETECTOR, CLASSIFIER:
/// cannot decode". Empty if nothing failed.
std::string failure_text(const Prediction& prediction);

/// What is said of a photo that is truncated.
inline constexpr std::string_view truncated_text = "truncated: the file ends before the last pixel";

}  // namespace speciesnet::cli
