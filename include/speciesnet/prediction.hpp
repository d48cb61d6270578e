// SPDX-License-Identifier: Apache-2.0
// Results: classifications, answers, predictions.
#pragma once

#include "speciesnet/detection.hpp"
#include "speciesnet/explanation.hpp"
#include "speciesnet/export.hpp"
#include "speciesnet/image.hpp"
#include "speciesnet/location.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

/// Output of the classifier for one crop.
struct Classification {
    /// Labels of seven parts `uuid;class;order;family;genus;species;common name`, best first.
    std::vector<std::string> classes;
    /// Softmax probabilities of `classes`, same length, descending.
    std::vector<double> scores;
    /// Labels of EnsembleOptions::target_species, or nothing if that is not set.
    std::optional<std::vector<std::string>> target_classes = std::nullopt;
    /// Raw logits of `target_classes`, same length.
    std::optional<std::vector<double>> target_logits = std::nullopt;

    friend bool operator==(const Classification&, const Classification&) = default;
};

/// Answer of the rules for a classification and its detection.
struct Answer {
    std::string label;  ///< Seven-part label; not necessarily one of the classifier's.
    /// Score of the component that determined the answer, 0 to 1 (sums may exceed 1 by rounding).
    double score = 0;
    std::string source;  ///< "detector", "classifier", "classifier+rollup_to_family", …

    friend bool operator==(const Answer&, const Answer&) = default;
};

/// A detection with its classification and answer.
struct ClassifiedDetection {
    Detection detection;
    /// Nothing if this detection was not classified.
    std::optional<Classification> classification = std::nullopt;
    std::optional<Answer> answer = std::nullopt;  ///< Nothing if there is no classification.
                                                  /// Explanation of the answer; only if requested.
    std::optional<Explanation> explanation = std::nullopt;

    friend bool operator==(const ClassifiedDetection&, const ClassifiedDetection&) = default;
};

/// Components that failed for an image. A component that found nothing has not failed.
struct Failures {
    bool classifier = false;
    bool detector = false;
    bool geolocation = false;

    bool any() const noexcept { return classifier || detector || geolocation; }
    friend bool operator==(const Failures&, const Failures&) = default;
};

/// Returns the names of failed components for documents: "CLASSIFIER", "DETECTOR", "GEOLOCATION".
/// The texts are static.
SPECIESNET_EXPORT std::vector<std::string_view> failure_names(const Failures& failures);

/// The result for one image.
struct Prediction {
    std::string filepath;  ///< Name that the caller passed in; may be empty for decoded images.
    Failures failures;
    /// Why a component failed or a detection could not be classified; else empty. Not
    /// part of the reference's output.
    std::string failure_reason;
    /// Image::truncated() of the photo; false if it was not decoded. Not part of the reference's
    /// output. Kept when results of past runs are combined.
    bool truncated = false;
    /// The place that the rules used: that of the instance, completed by Geolocator::complete().
    Location location;
    /// Nothing if neither detections nor a classification are known. A classification of the
    /// whole image is the first entry, whole_image_detection(); the detector's entries follow by
    /// descending confidence.
    std::optional<std::vector<ClassifiedDetection>> detections;
    std::string
        model_version;  ///< `version` of the package; empty for results of a single component.

    /// Returns the detections; none if they are unknown, as for a photo that cannot be read.
    std::span<const ClassifiedDetection> found() const noexcept {
        return detections ? std::span<const ClassifiedDetection>(*detections)
                          : std::span<const ClassifiedDetection>();
    }

    friend bool operator==(const Prediction&, const Prediction&) = default;
};

/// The two result formats of the reference.
enum class ResultFormat : std::int32_t {
    per_detection = 1,  ///< speciesnet 5.0.6: each detection has its classification and answer.
    per_image =
        2,  ///< speciesnet 5.0.5 and before: one classification and one answer for the image.
};

/// An image to predict, as in the reference's instances.
struct Instance {
    /// The file to read; only a name if `image` is given.
    std::string filepath;
    Location location = {};
    /// Detections of an earlier run; if given, the detector does not run again.
    std::optional<std::vector<Detection>> detections = std::nullopt;
    /// The decoded image; if given, the file is not read.
    std::optional<Image> image = std::nullopt;

    friend bool operator==(const Instance&, const Instance&) = default;
};

}  // namespace speciesnet
