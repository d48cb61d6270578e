// SPDX-License-Identifier: Apache-2.0
// Reads the small JSON document that releases of MegaDetector append to the file of a network.
#pragma once

#include "speciesnet/model.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace speciesnet {

/// The entry's name, without the folder in which the archive has it.
inline constexpr const char* megadetector_info_name = "megadetector_info.json";

/// @param file a published network or TorchScript
/// @return the document as it is in the file; nothing if there is none
/// @throws ModelError (model_invalid) naming the file if it is a broken zip file, or has two such
/// entries, or one that is damaged or larger than 64 KiB
std::optional<std::string> read_megadetector_info(const PackageFile& file);

/// What a detector's file says of the images that it was trained for.
struct DetectorInfo {
    /// The long side in pixels, any integer; nothing if the file does not say.
    std::optional<std::int64_t> image_size = std::nullopt;
    /// The package that megadetector runs the detector with, for instance "yolov5" or
    /// "ultralytics"; empty if the file does not say.
    std::string model_type = {};
};

/// @throws ModelError (model_invalid) naming the file if its image_size is not an integer, and as
/// read_megadetector_info()
DetectorInfo read_detector_info(const PackageFile& file);

}  // namespace speciesnet
