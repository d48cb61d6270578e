// SPDX-License-Identifier: Apache-2.0
// Determines the answers of a photo that count: a few names, in either result format.
#pragma once

#include "speciesnet/prediction.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// Which names of animals to use.
enum class Names { common, scientific };

/// Returns a label in readable form: "plains zebra", or "Equus quagga". If one name is missing,
/// returns the other one; without either, the finest rank of the label. Text that is not a label is
/// returned unchanged.
std::string display_name(std::string_view label, Names names);

/// One answer for a photo.
struct PhotoAnswer {
    std::string label;  ///< Seven parts.
    double score = 0;   ///< Maximum of all detections with this answer.
    int detections =
        1;  ///< Number of detections with this answer; 0 if the photo is blank without detections.

    friend bool operator==(const PhotoAnswer&, const PhotoAnswer&) = default;
};

/// Returns the label for a detector's category.
std::string label_of_category(Category category);

/// Returns the label under which a detection is shown and counted: its answer, otherwise its best
/// class, otherwise its category. A human or vehicle without a classification gets its category.
std::string shown_label(const ClassifiedDetection& entry);

/// Returns the different answers of a photo, best score first. Blank and "no cv result" are omitted
/// if there is another answer, so that a stray box does not make a photo of a zebra blank as well.
/// Results of a detector alone count as animal, human and vehicle, with the detector's confidence.
/// A photo without detections is blank.
/// @param threshold minimum confidence of a detection
/// @return empty if the photo failed
std::vector<PhotoAnswer> answers_of(const Prediction& prediction, double threshold);

/// Returns the single answer of a photo, for tables: the one in answers_of() that belongs to the
/// most confident detection. A blank photo without detections has the score 0.
/// @return nothing if the photo failed
std::optional<Answer> photo_answer(const Prediction& prediction, double threshold);

/// Returns whether a label is that of people.
bool is_human(std::string_view label);

/// "0.97"
std::string two_decimals(double score);

/// Returns the components that failed, as the reference names them, and the reason: "DETECTOR,
/// CLASSIFIER: cannot decode". Empty if nothing failed.
std::string failure_text(const Prediction& prediction);

/// The note about a truncated photo.
inline constexpr std::string_view truncated_text = "truncated: the file ends before the last pixel";

}  // namespace speciesnet::cli
