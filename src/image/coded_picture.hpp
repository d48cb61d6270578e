// SPDX-License-Identifier: Apache-2.0
// Estimates the cost of decoding a stream of HEVC or AV1. The container's size does not bound the
// size of the stream's images.
#pragma once

#include "format.hpp"

#include <cstdint>
#include <optional>

namespace speciesnet {

/// A stream, or what several have in common.
struct CodedPicture {
    std::uint64_t pixels = 0;  ///< Of the largest frame that the stream may hold.
    std::uint64_t frames = 0;  ///< Each of which the decoder may keep.
    std::uint64_t passes = 0;  ///< Over the pixels of a frame: one for each slice.

    void add(const CodedPicture& other);
};

/// @param stream units with lengths of four bytes, as in an item of type "hvc1"
/// @return nothing if the stream is damaged
std::optional<CodedPicture> read_hevc(Bytes stream);

/// The parameter sets in front of a stream.
/// @param configuration a box "hvcC"
std::optional<CodedPicture> read_hevc_configuration(Bytes configuration);

/// @param stream open bitstream units, as in an item of type "av01" and behind the four bytes of
/// a box "av1C"
std::optional<CodedPicture> read_av1(Bytes stream);

}  // namespace speciesnet
