// What follows the last convolutions of a detector, as TorchScript.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace speciesnet {

/// Whether box_recognition.hpp takes a function for the decoding of boxes.
/// @param source   the function `after` of self, the network's input, and the pictures
/// @param channels of the pictures
bool is_decoding(const std::string& source, const std::vector<std::size_t>& channels);

}  // namespace speciesnet
