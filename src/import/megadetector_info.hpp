// SPDX-License-Identifier: Apache-2.0
// What releases of MegaDetector add to the file of a network: a small JSON document.
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

/// The long side, in pixels, of the pictures that a detector was trained for.
/// @return nothing if the file does not say; otherwise any integer
/// @throws ModelError (model_invalid) naming the file if it says something else, and as
/// read_megadetector_info()
std::optional<std::int64_t> read_image_size(const PackageFile& file);

/// The package that megadetector runs a detector with, for instance "yolov5" or "ultralytics".
/// @return empty if the file does not say
/// @throws ModelError (model_invalid) as read_megadetector_info()
std::string read_model_type(const PackageFile& file);

}  // namespace speciesnet
