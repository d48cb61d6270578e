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

/// Marks packets of this program.
inline constexpr std::string_view xmp_toolkit = "SpeciesNet C++";

/// The image as its file stores it.
struct StoredPicture {
    std::int32_t width = 0;  ///< Pixels, before it is turned upright.
    std::int32_t height = 0;
    int orientation = 1;  ///< EXIF's, 1 to 8.
};

/// A box of the upright image in the image as it is stored: MWG's regions are of that.
BoundingBox stored_box(const BoundingBox& upright, int orientation) noexcept;

/// Keywords, flat (dc:subject) and by taxonomy (lr:hierarchicalSubject, digiKam:TagsList), a region
/// for each box (mwg-rs:Regions), and answer, score and model in the project's namespace.
/// @param model     as ModelNames::text() gives it
/// @param threshold lowest confidence of a detection that counts
/// @return a packet of at most 60,000 bytes: of more boxes the most confident ones
std::string xmp_packet(const Prediction& prediction, const StoredPicture& picture,
                       const std::string& model, Names names, double threshold);

}  // namespace speciesnet::cli
