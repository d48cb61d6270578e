// SPDX-License-Identifier: Apache-2.0
// Makes the input of the classifier: a part of the photo at 480×480. Bit-exact with torchvision's
// crop, resize and convert_image_dtype on float tensors.
#pragma once

#include "speciesnet/image.hpp"
#include "speciesnet/prediction.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace speciesnet {

/// Side of the classifier's input in pixels. Source: classifier.py, SpeciesNetClassifier.IMG_SIZE.
inline constexpr int crop_size = 480;

/// crop_size·crop_size·3 bytes, rows from the top.
using Crop = std::vector<std::uint8_t>;

/// Crops a box (offsets and sizes truncated to whole pixels; black beyond the border) and scales it
/// bilinearly without antialiasing.
/// @return nothing if the box truncates to no pixels
/// @throws InvalidArgument if the box contains NaN or is unreasonably far away
std::optional<Crop> crop_resize(const Image& image, const BoundingBox& bbox);

/// Crops the top and bottom as full_image models require: keeps the middle max(int(0.7·height),
/// height − 400) rows.
/// @return nothing if no row remains, as for images of one row
std::optional<Crop> crop_resize_full_image(const Image& image);

}  // namespace speciesnet
