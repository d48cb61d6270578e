// SPDX-License-Identifier: Apache-2.0
// Estimates the cost of decoding an HEVC or AV1 stream. The size of the container's image does not
// bound the size of the stream's frames.
#pragma once

#include "format.hpp"

#include <cstdint>
#include <optional>

namespace speciesnet {

/// The frames of a stream, or of several streams with shared parameters.
struct CodedPicture {
    std::uint64_t pixels = 0;  ///< Of the largest frame that the stream may contain.
    std::uint64_t frames = 0;  ///< The decoder may keep each of them.
    std::uint64_t passes = 0;  ///< Passes over the pixels of a frame: one for each slice.

    void add(const CodedPicture& other);
};

/// @param stream units with four-byte lengths, as in an item of type "hvc1"
/// @return nothing if the stream is damaged
std::optional<CodedPicture> read_hevc(Bytes stream);

/// Reads the parameter sets that precede a stream.
/// @param configuration a box "hvcC"
std::optional<CodedPicture> read_hevc_configuration(Bytes configuration);

/// @param stream open bitstream units, as in an item of type "av01" and after the four bytes of a
/// box "av1C"
std::optional<CodedPicture> read_av1(Bytes stream);

}  // namespace speciesnet
