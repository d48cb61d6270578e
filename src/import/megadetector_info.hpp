// SPDX-License-Identifier: Apache-2.0
// Reads the small JSON document that releases of MegaDetector append to the file of a network.
#pragma once

#include "speciesnet/model.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace speciesnet {

/// The entry's name, without its folder in the archive.
inline constexpr const char* megadetector_info_name = "megadetector_info.json";

/// @param file a published network or TorchScript
/// @return the document as in the file; nothing if there is none
/// @throws ModelError (model_invalid) naming the file if it is a broken zip file, or has two such
/// entries, or one that is damaged or larger than 64 KiB
std::optional<std::string> read_megadetector_info(const PackageFile& file);

/// The properties of a detector's input that its file states.
struct DetectorInfo {
    /// The long side in pixels, any integer; nothing if the file does not state it.
    std::optional<std::int64_t> image_size = std::nullopt;
    /// The package with which megadetector runs the detector, for instance "yolov5" or
    /// "ultralytics"; empty if the file does not state it.
    std::string model_type = {};
};

/// @throws ModelError (model_invalid) as read_megadetector_info(), or naming the file if its
/// image_size is not an integer
DetectorInfo read_detector_info(const PackageFile& file);

}  // namespace speciesnet
