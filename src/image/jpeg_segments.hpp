// SPDX-License-Identifier: Apache-2.0
// Reads the segments of a JPEG file and estimates the cost of its scans.
#pragma once

#include "budget.hpp"
#include "format.hpp"

#include <cstdint>
#include <optional>

namespace speciesnet {

struct JpegSegment {
    static constexpr int start_of_scan = 0xDA;

    int code;       ///< Second byte of the marker.
    Bytes content;  ///< Without its length field.
};

/// Iterates over the segments. As in Pillow, anything between them that is not a marker is skipped,
/// including entropy-coded data.
class JpegSegments {
public:
    explicit JpegSegments(Bytes file) : file_(file) {}

    /// Returns the next segment that has content; nothing at the end or at a truncated segment.
    std::optional<JpegSegment> next();
    /// Returns whether an end-of-image marker was skipped.
    bool passed_end_of_image() const { return passed_end_; }

private:
    Bytes file_;
    std::size_t at_ = 2;
    bool passed_end_ = false;
};

/// The frame of a JPEG stream and the number of its scans.
struct JpegScans {
    // The work of libjpeg: to read a scan's tables, to draw a block.
    static constexpr std::uint64_t scan_work = 20'000;
    static constexpr std::uint64_t block_work = 200;

    std::uint64_t blocks = 0;  ///< Of 8×8 samples, of all components.
    std::uint64_t visits = 0;  ///< Number of times that scans visit a block.
    std::uint64_t count = 0;
    bool arithmetic = false;  ///< Arithmetic coding instead of Huffman coding.
    /// Whether libjpeg buffers all coefficients before it draws: the image is progressive or has
    /// its components in several scans.
    bool buffered = false;

    /// Returns the work of libjpeg for a block in one scan.
    std::uint64_t visit_work() const { return arithmetic ? 60 : 20; }
    /// Returns the work that follows when all coefficients are known.
    std::uint64_t draw_work() const { return blocks * block_work; }
    /// Returns the cost without the output image.
    Cost cost(Bytes file) const;
};

/// Counts scans without decoding. Content that is not a JPEG stream has none.
JpegScans count_scans(Bytes file);

}  // namespace speciesnet
