// SPDX-License-Identifier: Apache-2.0
// The segments of a JPEG file, and what its scans will cost.
#pragma once

#include "budget.hpp"
#include "format.hpp"

#include <cstdint>
#include <optional>

namespace speciesnet {

struct JpegSegment {
    static constexpr int start_of_scan = 0xDA;

    int code;       ///< Second byte of the marker.
    Bytes content;  ///< Without the length in front.
};

/// Goes through the segments from the first to the last. Like Pillow, it steps over anything
/// between them that is no marker, entropy-coded data included.
class JpegSegments {
public:
    explicit JpegSegments(Bytes file) : file_(file) {}

    /// The next segment that has a content; nothing at the end, or where one is truncated.
    std::optional<JpegSegment> next();
    /// Whether an end-of-image marker was stepped over.
    bool passed_end_of_image() const { return passed_end_; }

private:
    Bytes file_;
    std::size_t at_ = 2;
    bool passed_end_ = false;
};

/// The frame of a JPEG stream and the number of its scans.
struct JpegScans {
    // Work of libjpeg: to read a scan's tables, to draw a block.
    static constexpr std::uint64_t scan_work = 20'000;
    static constexpr std::uint64_t block_work = 200;

    std::uint64_t blocks = 0;  ///< Of 8×8 samples, of all components.
    std::uint64_t visits = 0;  ///< The same, each as often as there are scans that hold it.
    std::uint64_t count = 0;
    bool arithmetic = false;  ///< Coded arithmetically, not by Huffman's method.
    /// Whether the coefficients of the whole image are kept before any of it is drawn: it is
    /// progressive or has its components in several scans.
    bool buffered = false;

    /// Work of libjpeg for a block in one scan.
    std::uint64_t visit_work() const { return arithmetic ? 60 : 20; }
    /// The part of the work that comes when the coefficients are known.
    std::uint64_t draw_work() const { return blocks * block_work; }
    /// Without the image that comes out.
    Cost cost(Bytes file) const;
};

/// Counts scans without decoding anything. What is no JPEG stream has none.
JpegScans count_scans(Bytes file);

}  // namespace speciesnet
