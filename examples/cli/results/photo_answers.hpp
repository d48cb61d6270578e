// What a photo shows, as people count it: a few names per photo, whichever shape the results have.
#pragma once

#include "speciesnet/prediction.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// How animals are called.
enum class Names { common, scientific };

/// A label as people read it: "plains zebra", or "equus quagga". Where one name is missing, the
/// other one; without either, the finest rank that the label has. Text that is no label is its own
/// name.
std::string display_name(std::string_view label, Names names);

/// One thing that a photo shows.
struct PhotoAnswer {
    std::string label;   ///< Seven parts, or nothing_detected.
    double score = 0;    ///< The best of all detections with this answer.
    int detections = 1;  ///< Detections with this answer.

    friend bool operator==(const PhotoAnswer&, const PhotoAnswer&) = default;
};

/// Stands for the answer of a photo in which the detector found nothing.
inline constexpr std::string_view nothing_detected = ";;;;;;nothing detected";

/// The different answers of a photo, best score first. Blank and "no cv result" do not count beside
/// an answer that names something: a stray box does not make a zebra's photo blank, too. Results of
/// a detector alone count as animal, human and vehicle, with the detector's confidence.
/// @param threshold lowest confidence of a detection to count
/// @return empty if the photo failed
std::vector<PhotoAnswer> answers_of(const Prediction& prediction, double threshold);

/// Whether a label names people.
bool is_human(std::string_view label);

/// "0.97"
std::string two_decimals(double score);

/// The components that failed, as the reference names them, and the reason: "DETECTOR, CLASSIFIER:
/// cannot decode". Empty if nothing failed.
std::string failure_text(const Prediction& prediction);

}  // namespace speciesnet::cli
