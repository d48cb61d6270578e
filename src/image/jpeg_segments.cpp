// SPDX-License-Identifier: Apache-2.0
// Reads the markers of JPEG (ITU-T T.81, annex B).
#include "jpeg_segments.hpp"

#include "byte_order.hpp"

#include <algorithm>
#include <array>

namespace speciesnet {
namespace {

/// Returns whether Pillow expects a length and content after this marker.
bool has_content(int code) {
    return (code >= 0xC0 && code <= 0xCF && code != 0xC8) || (code >= 0xDA && code <= 0xEF) ||
           code == 0xFE;
}

constexpr int end_of_image = 0xD9;

/// Returns whether the marker starts a frame: 0xC0 … 0xCF except Huffman tables, extensions and
/// arithmetic conditioning.
bool is_frame(int code) {
    return code >= 0xC0 && code <= 0xCF && code != 0xC4 && code != 0xC8 && code != 0xCC;
}

struct Component {
    int id;
    std::uint64_t across;  ///< Sampling factors.
    std::uint64_t down;
    std::uint64_t blocks = 0;
};

struct Frame {
    std::array<Component, 4> components{};
    std::size_t count = 0;
};

std::uint64_t divide_up(std::uint64_t value, std::uint64_t by) {
    return (value + by - 1) / by;
}

/// Returns nothing if libjpeg would refuse the frame.
std::optional<Frame> read_frame(Bytes content) {
    static constexpr std::size_t fixed_bytes = 6;
    static constexpr std::size_t component_bytes = 3;
    static constexpr std::uint64_t block_side = 8;
    if (content.size() < fixed_bytes) {
        return std::nullopt;
    }
    const std::uint64_t height = read_u16(content, 1, ByteOrder::big);
    const std::uint64_t width = read_u16(content, 3, ByteOrder::big);
    Frame frame;
    frame.count = std::to_integer<std::size_t>(content[5]);
    if (frame.count == 0 || frame.count > frame.components.size() ||
        content.size() < fixed_bytes + frame.count * component_bytes) {
        return std::nullopt;
    }
    std::uint64_t most_across = 1;
    std::uint64_t most_down = 1;
    const auto components = std::span(frame.components).first(frame.count);
    for (std::size_t i = 0; i < components.size(); ++i) {
        const auto number = [&](std::size_t at) {
            return std::to_integer<int>(content[fixed_bytes + i * component_bytes + at]);
        };
        components[i] = {number(0), static_cast<std::uint64_t>(number(1) >> 4),
                         static_cast<std::uint64_t>(number(1) & 15)};
        if (components[i].across == 0 || components[i].down == 0) {
            return std::nullopt;
        }
        most_across = std::max(most_across, components[i].across);
        most_down = std::max(most_down, components[i].down);
    }
    for (Component& component : components) {
        component.blocks = divide_up(width, block_side * most_across) * component.across *
                           divide_up(height, block_side * most_down) * component.down;
    }
    return frame;
}

/// Returns the blocks of the first component of this name; 0 if there is none.
std::uint64_t blocks_of(const Frame& frame, int id) {
    for (const auto& component : frame.components) {
        if (component.id == id) {
            return component.blocks;
        }
    }
    return 0;
}

}  // namespace

std::optional<JpegSegment> JpegSegments::next() {
    while (at_ + 1 < file_.size()) {
        const int code = std::to_integer<int>(file_[at_ + 1]);
        if (file_[at_] != std::byte{0xFF} || code == 0xFF) {
            ++at_;
            continue;
        }
        at_ += 2;
        if (!has_content(code)) {
            passed_end_ = passed_end_ || code == end_of_image;
            continue;
        }
        const Bytes rest = file_.subspan(at_);
        const std::size_t length =
            rest.size() < 2 ? 2 : std::max<std::size_t>(2, read_u16(rest, 0, ByteOrder::big));
        if (rest.size() < length) {
            at_ = file_.size();
            break;
        }
        at_ += length;
        return JpegSegment{code, rest.subspan(2, length - 2)};
    }
    return std::nullopt;
}

JpegScans count_scans(Bytes file) {
    JpegScans scans;
    std::optional<Frame> frame;
    JpegSegments segments(file);
    for (auto segment = segments.next(); segment && !segments.passed_end_of_image();
         segment = segments.next()) {
        if (!frame && is_frame(segment->code)) {
            frame = read_frame(segment->content);
            if (!frame) {
                return {};
            }
            for (const Component& component : frame->components) {
                scans.blocks += component.blocks;
            }
            scans.arithmetic = segment->code > 0xC8;
            scans.buffered = (segment->code & 3) == 2;
        }
        if (!frame || segment->code != JpegSegment::start_of_scan || segment->content.empty()) {
            continue;
        }
        const std::size_t named = std::to_integer<std::size_t>(segment->content[0]);
        for (std::size_t i = 0; i < named && 1 + 2 * i < segment->content.size(); ++i) {
            const int id = std::to_integer<int>(segment->content[1 + 2 * i]);
            scans.visits += blocks_of(*frame, id);
        }
        ++scans.count;
        scans.buffered = scans.buffered || named < frame->count;
        if (!scans.buffered) {
            break;
        }
    }
    return scans;
}

Cost JpegScans::cost(Bytes file) const {
    static constexpr std::uint64_t block_bytes = 128;  // 64 coefficients of 16 bits
    const std::uint64_t byte_work = arithmetic ? 50 : 8;
    return {.work = (buffered ? visits * visit_work() + count * scan_work : 0) + draw_work() +
                    file.size() * byte_work,
            .memory = buffered ? blocks * block_bytes : 0};
}

}  // namespace speciesnet
