// SPDX-License-Identifier: Apache-2.0
// The small images in tests/fixtures/images.
#pragma once

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace speciesnet {

/// Returns the path of an image.
inline std::string picture_path(const std::string& name) {
    return SPECIESNET_FIXTURES "/images/" + name;
}

/// Returns the encoded bytes of an image.
inline std::vector<std::byte> picture(const std::string& name) {
    std::ifstream file(picture_path(name), std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    std::vector<std::byte> bytes(text.size());
    std::ranges::transform(text, bytes.begin(), [](char c) { return static_cast<std::byte>(c); });
    return bytes;
}

}  // namespace speciesnet
