// SPDX-License-Identifier: Apache-2.0
// Writes answers as XMP, the metadata of photo managers.
#pragma once

#include "speciesnet/detection.hpp"
#include "speciesnet/prediction.hpp"

#include "results/photo_answers.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Identifies packets of this program.
inline constexpr std::string_view xmp_toolkit = "SpeciesNet C++";

/// The image as stored in its file.
struct StoredPicture {
    std::int32_t width = 0;  ///< Pixels, before orientation is applied.
    std::int32_t height = 0;
    int orientation = 1;  ///< EXIF's, 1 to 8.
};

/// Converts a box of the upright image to the stored image, to which MWG's regions refer.
BoundingBox stored_box(const BoundingBox& upright, int orientation) noexcept;

/// Returns keywords, flat (dc:subject) and by taxonomy (lr:hierarchicalSubject, digiKam:TagsList),
/// a region for each box (mwg-rs:Regions), and answer, score and model in the project's namespace.
/// @param model     from ModelNames::text()
/// @param threshold minimum confidence of a detection that counts
/// @return a packet of at most 60,000 bytes; if there are too many boxes, with the most confident
/// ones
std::string xmp_packet(const Prediction& prediction, const StoredPicture& picture,
                       const std::string& model, Names names, double threshold);

}  // namespace speciesnet::cli
