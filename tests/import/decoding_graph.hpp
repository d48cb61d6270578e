// SPDX-License-Identifier: Apache-2.0
// What follows the last convolutions of a detector, as TorchScript.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace speciesnet {

/// Whether box_recognition.hpp takes a function for the decoding of boxes.
/// @param source   the function `tail` of the images
/// @param channels of the images
bool is_decoding(const std::string& source, const std::vector<std::int64_t>& channels);

}  // namespace speciesnet
