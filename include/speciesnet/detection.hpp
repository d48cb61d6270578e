// SPDX-License-Identifier: Apache-2.0
// The results of the detector.
#pragma once

#include "speciesnet/export.hpp"

#include <cstdint>
#include <string_view>

namespace speciesnet {

/// A rectangle relative to the upright image: xmin and ymin from the left and top edge, all from 0
/// to 1. Members are doubles because the reference computes them in double precision from
/// single-precision network outputs.
struct BoundingBox {
    double xmin = 0;
    double ymin = 0;
    double width = 1;
    double height = 1;

    friend bool operator==(const BoundingBox&, const BoundingBox&) = default;
};

/// The category of a detection. The values are MegaDetector's categories; in JSON they are
/// strings.
enum class Category : std::int32_t {
    whole_image = 0,  ///< The whole image; not from the detector, see whole_image_detection().
    animal = 1,
    human = 2,
    vehicle = 3,
};

/// Returns the reference's name of a category: "whole_image_classification", "animal", "human" or
/// "vehicle".
SPECIESNET_EXPORT std::string_view category_label(Category category) noexcept;

/// An object that the detector found.
struct Detection {
    Category category = Category::animal;
    double conf = 0;  ///< Confidence, 0 to 1.
    BoundingBox bbox;

    friend bool operator==(const Detection&, const Detection&) = default;
};

/// Returns the pseudo-detection for the classification of a whole image: category 0, confidence
/// 1, the full box.
SPECIESNET_EXPORT Detection whole_image_detection() noexcept;

}  // namespace speciesnet
