// SPDX-License-Identifier: Apache-2.0
// The values that flow through the engine: detections, classifications, answers, predictions.
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

/// What the classifier says of one crop.
struct Classification {
    /// Labels of seven parts `uuid;class;order;family;genus;species;common name`, best first.
    std::vector<std::string> classes;
    /// Softmax probabilities of `classes`, same length, descending.
    std::vector<double> scores;
    /// Labels asked for by EnsembleOptions::target_species, or nothing if none were.
    std::optional<std::vector<std::string>> target_classes = std::nullopt;
    /// Raw logits of `target_classes`, same length.
    std::optional<std::vector<double>> target_logits = std::nullopt;

    friend bool operator==(const Classification&, const Classification&) = default;
};

/// What the ensemble makes of a classification and its detection.
struct Answer {
    std::string label;  ///< Seven-part label; not necessarily one of the classifier's.
    double score =
        0;  ///< Score of the side that won, 0 to 1 (sums of a rollup may exceed 1 by rounding).
    std::string source;  ///< "detector", "classifier", "classifier+rollup_to_family", …

    friend bool operator==(const Answer&, const Answer&) = default;
};

/// A detection with all that is known about it.
struct ClassifiedDetection {
    Detection detection;
    /// Nothing if this detection was not classified.
    std::optional<Classification> classification = std::nullopt;
    std::optional<Answer> answer = std::nullopt;  ///< Nothing if there is no classification.
    /// Why it is the answer; only if asked for.
    std::optional<Explanation> explanation = std::nullopt;

    friend bool operator==(const ClassifiedDetection&, const ClassifiedDetection&) = default;
};

/// Components that failed for an image. A failed component is not the same as one that found
/// nothing.
struct Failures {
    bool classifier = false;
    bool detector = false;
    bool geolocation = false;

    bool any() const noexcept { return classifier || detector || geolocation; }
    friend bool operator==(const Failures&, const Failures&) = default;
};

/// The names of those that failed, as documents have them: "CLASSIFIER", "DETECTOR", "GEOLOCATION".
/// The texts live as long as the program.
SPECIESNET_EXPORT std::vector<std::string_view> failure_names(const Failures& failures);

/// Everything the engine has to say about one image.
struct Prediction {
    std::string filepath;  ///< As the caller named the image; may be empty for images from memory.
    Failures failures;
    /// Why a component failed or a detection could not be classified, in words; else empty. Not
    /// part of the reference's output.
    std::string failure_reason;
    /// Image::truncated() of the photo; false if it was not decoded. Not part of the reference's
    /// output; the same in the results of past runs that are combined.
    bool truncated = false;
    /// The place by which the rules decided, which may say more than the instance did; see
    /// Geolocator::complete().
    Location location;
    /// Nothing if neither detections nor a classification are known. With a classification of the
    /// whole picture the first entry is whole_image_detection(); the detector's entries follow by
    /// descending confidence.
    std::optional<std::vector<ClassifiedDetection>> detections;
    std::string
        model_version;  ///< `version` of the package; empty for results of a single component.

    /// The detections; none where they are not known, as for a photo that cannot be read.
    std::span<const ClassifiedDetection> found() const noexcept {
        return detections ? std::span<const ClassifiedDetection>(*detections)
                          : std::span<const ClassifiedDetection>();
    }

    friend bool operator==(const Prediction&, const Prediction&) = default;
};

/// The two forms of results that the reference has had.
enum class ResultFormat : std::int32_t {
    per_detection = 1,  ///< speciesnet 5.0.6: each detection has its classification and answer.
    per_image =
        2,  ///< speciesnet 5.0.5 and before: one classification and one answer for the image.
};

/// An image to work on, as in the reference's instances.
struct Instance {
    /// The file to read; only a name where the image is given.
    std::string filepath;
    Location location = {};
    /// What the detector found in an earlier run; if given, the detector does not run again.
    std::optional<std::vector<Detection>> detections = std::nullopt;
    /// The picture, if it is decoded already; the file is not read then.
    std::optional<Image> image = std::nullopt;

    friend bool operator==(const Instance&, const Instance&) = default;
};

}  // namespace speciesnet
