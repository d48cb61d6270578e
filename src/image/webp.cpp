// SPDX-License-Identifier: Apache-2.0
// Decodes WebP with libwebp: still images and the first frame of animations.
#include "exif.hpp"
#include "format.hpp"
#include "webp_lossless.hpp"

#include <algorithm>
#include <memory>
#include <new>

#include <webp/decode.h>
#include <webp/demux.h>

namespace speciesnet {
namespace {

using Demuxer = std::unique_ptr<WebPDemuxer, decltype(&WebPDemuxDelete)>;

/// Parses the container. The bytes must outlive the demuxer.
Demuxer demux(Bytes bytes) {
    const WebPData data{as_numbers(bytes), bytes.size()};
    Demuxer demuxer(WebPDemux(&data), WebPDemuxDelete);
    if (!demuxer) {
        throw_undecodable(MediaType::webp, "damaged or incomplete container");
    }
    return demuxer;
}

/// The first frame of an animation, or the still image, and its canvas.
class Frame {
public:
    explicit Frame(Bytes bytes) : demuxer_(demux(bytes)) {
        if (WebPDemuxGetFrame(demuxer_.get(), 1, &frame_) == 0) {
            throw_undecodable(MediaType::webp, "no frame");
        }
    }
    ~Frame() { WebPDemuxReleaseIterator(&frame_); }
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

    PixelSize canvas() const {
        return {static_cast<int>(WebPDemuxGetI(demuxer_.get(), WEBP_FF_CANVAS_WIDTH)),
                static_cast<int>(WebPDemuxGetI(demuxer_.get(), WEBP_FF_CANVAS_HEIGHT))};
    }
    PixelSize size() const { return {frame_.width, frame_.height}; }
    int left() const { return frame_.x_offset; }
    int top() const { return frame_.y_offset; }
    Bytes content() const {
        return std::as_bytes(std::span(frame_.fragment.bytes, frame_.fragment.size));
    }

private:
    Demuxer demuxer_;
    WebPIterator frame_{};
};

Header header_of(const Frame& frame, std::size_t file_bytes) {
    static constexpr std::uint64_t byte_work = 30;
    static constexpr std::uint64_t pixel_work = 12;
    const auto codes = read_lossless_codes(frame.content());
    if (!codes) {
        throw_undecodable(MediaType::webp, "damaged body");
    }
    const Cost tables = codes->cost();
    const std::uint64_t pixels = rgb_bytes(frame.canvas()) / 3;
    // libwebp decodes a lossless image to four bytes a pixel first, and a lossy one with its alpha.
    return {frame.canvas(),
            {.work = file_bytes * byte_work + pixels * pixel_work + tables.work,
             .memory = pixels * 8 + tables.memory}};
}

Header read_header(Bytes bytes) {
    return header_of(Frame(bytes), bytes.size());
}

/// Feeds the file to libwebp in pieces, so that decoding can be stopped. If a piece does not
/// contain all tables, libwebp builds them again with the next piece; therefore the pieces double
/// in size.
void decode_frame(Bytes file, std::span<std::uint8_t> rgb, int stride, Budget& budget) {
    static constexpr std::size_t first_bytes = std::size_t{64} << 10;
    const std::unique_ptr<WebPIDecoder, decltype(&WebPIDelete)> decoder(
        WebPINewRGB(MODE_RGB, rgb.data(), rgb.size(), stride), WebPIDelete);
    if (!decoder) {
        throw std::bad_alloc();
    }
    VP8StatusCode status = VP8_STATUS_SUSPENDED;
    for (std::size_t end = 0; end < file.size() && status == VP8_STATUS_SUSPENDED;) {
        budget.spend(0);
        end = std::min(file.size(), std::max(first_bytes, 2 * end));
        status = WebPIUpdate(decoder.get(), as_numbers(file), end);
    }
    if (status == VP8_STATUS_OUT_OF_MEMORY) {
        throw std::bad_alloc();
    }
    if (status != VP8_STATUS_OK) {
        throw_undecodable(MediaType::webp, "damaged body");
    }
}

Pixels decode_rgb(Bytes bytes, PixelSize size, Budget& budget) {
    const Frame frame(bytes);
    budget.spend(header_of(frame, bytes.size()).cost.work);
    if (frame.left() < 0 || frame.top() < 0 || frame.left() > size.width - frame.size().width ||
        frame.top() > size.height - frame.size().height) {
        throw_undecodable(MediaType::webp, "frame beyond the canvas");
    }
    Pixels pixels{.rgb = std::vector<std::uint8_t>(rgb_bytes(size))};
    const std::size_t at = static_cast<std::size_t>(frame.top()) * rgb_row_bytes(size) +
                           static_cast<std::size_t>(frame.left()) * 3;
    decode_frame(frame.content(), std::span(pixels.rgb).subspan(at),
                 static_cast<int>(rgb_row_bytes(size)), budget);
    return pixels;
}

/// Returns a chunk of the container, or nothing.
Bytes find_chunk(const Demuxer& demuxer, const char* name) {
    WebPChunkIterator chunk{};
    if (WebPDemuxGetChunk(demuxer.get(), name, 1, &chunk) == 0) {
        return {};
    }
    const Bytes content = std::as_bytes(std::span(chunk.chunk.bytes, chunk.chunk.size));
    WebPDemuxReleaseChunkIterator(&chunk);
    return content;
}

int read_orientation(Bytes bytes) {
    const Demuxer demuxer = demux(bytes);
    return find_orientation(MediaType::webp, find_chunk(demuxer, "EXIF"),
                            as_text(find_chunk(demuxer, "XMP ")));
}

Bytes find_exif(Bytes bytes, std::vector<std::byte>&) {
    return find_chunk(demux(bytes), "EXIF");
}

}  // namespace

const Format webp_format{MediaType::webp, has_webp_signature, read_header,
                         decode_rgb,      read_orientation,   find_exif};

}  // namespace speciesnet
