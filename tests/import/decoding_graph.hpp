// SPDX-License-Identifier: Apache-2.0
// The operations after the last convolutions of a detector, as TorchScript.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace speciesnet {

/// Returns whether box_recognition.hpp recognises a function as the decoder of boxes.
/// @param source   the function `tail` of the feature maps
/// @param channels of the feature maps
bool is_decoding(const std::string& source, const std::vector<std::int64_t>& channels);

}  // namespace speciesnet
