// SPDX-License-Identifier: Apache-2.0
// Reads the tables before the pixels of lossless WebP, which may also be the alpha of lossy WebP. A
// small file can have tens of thousands of them.
#pragma once

#include "format.hpp"

#include <cstdint>
#include <optional>

namespace speciesnet {

/// The prefix codes of an image. libwebp builds the tables of all of them before it decodes a
/// pixel.
struct LosslessCodes {
    std::uint64_t sets = 0;  ///< Five codes each.
    std::uint64_t cached_colours =
        0;  ///< Symbols for cached colours in the first code of each set.

    /// Returns the cost of libwebp's tables.
    Cost cost() const;
};

/// @param chunks of one image: "VP8L", or "ALPH" and "VP8 "
/// @return nothing if the lossless part is damaged before the codes
std::optional<LosslessCodes> read_lossless_codes(Bytes chunks);

}  // namespace speciesnet
