// SPDX-License-Identifier: Apache-2.0
// What stands in front of the pixels of lossless WebP, which alpha of lossy WebP may be, too:
// tables, of which a small file can have tens of thousands.
#pragma once

#include "format.hpp"

#include <cstdint>
#include <optional>

namespace speciesnet {

/// The prefix codes of a picture. libwebp makes tables of all of them before it decodes a pixel.
struct LosslessCodes {
    std::uint64_t sets = 0;            ///< Five codes each.
    std::uint64_t cached_colours = 0;  ///< Symbols that the first code of each set has for them.

    /// What libwebp needs for the tables.
    Cost cost() const;
};

/// @param chunks of one picture: "VP8L", or "ALPH" and "VP8 "
/// @return nothing if its lossless part is damaged in front of the codes
std::optional<LosslessCodes> read_lossless_codes(Bytes chunks);

}  // namespace speciesnet
