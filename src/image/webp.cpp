// SPDX-License-Identifier: Apache-2.0
// WebP by libwebp: still images and the first frame of animations.
#include "exif.hpp"
#include "format.hpp"

#include <algorithm>
#include <memory>
#include <new>

#include <webp/decode.h>
#include <webp/demux.h>

namespace speciesnet {
namespace {

using Demuxer = std::unique_ptr<WebPDemuxer, decltype(&WebPDemuxDelete)>;

/// Takes the container apart; the bytes must outlive the demuxer.
Demuxer demux(Bytes bytes) {
    const WebPData data{as_numbers(bytes), bytes.size()};
    Demuxer demuxer(WebPDemux(&data), WebPDemuxDelete);
    if (!demuxer) {
        throw_undecodable(MediaType::webp, "damaged or incomplete container");
    }
    return demuxer;
}

Header read_header(Bytes bytes) {
    static constexpr std::uint64_t byte_work = 30;
    static constexpr std::uint64_t pixel_work = 12;
    const Demuxer demuxer = demux(bytes);
    const PixelSize size{static_cast<int>(WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH)),
                         static_cast<int>(WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT))};
    const std::uint64_t pixels = rgb_bytes(size) / 3;
    // A lossless image is unpacked to four bytes a pixel first; a lossy one has its alpha, too.
    return {size, {.work = bytes.size() * byte_work + pixels * pixel_work, .memory = pixels * 8}};
}

/// Feeds libwebp the file piece by piece, so that it can be stopped.
void decode_frame(Bytes file, std::span<std::uint8_t> rgb, int stride, Budget& budget) {
    static constexpr std::size_t piece_bytes = std::size_t{64} << 10;
    const std::unique_ptr<WebPIDecoder, decltype(&WebPIDelete)> decoder(
        WebPINewRGB(MODE_RGB, rgb.data(), rgb.size(), stride), WebPIDelete);
    if (!decoder) {
        throw std::bad_alloc();
    }
    VP8StatusCode status = VP8_STATUS_SUSPENDED;
    for (std::size_t end = 0; end < file.size() && status == VP8_STATUS_SUSPENDED;) {
        budget.spend(0);
        end = std::min(file.size(), end + piece_bytes);
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
    budget.spend(read_header(bytes).cost.work);
    const Demuxer demuxer = demux(bytes);
    WebPIterator frame{};
    if (WebPDemuxGetFrame(demuxer.get(), 1, &frame) == 0) {
        throw_undecodable(MediaType::webp, "no frame");
    }
    const std::unique_ptr<WebPIterator, decltype(&WebPDemuxReleaseIterator)> release(
        &frame, WebPDemuxReleaseIterator);
    if (frame.x_offset < 0 || frame.y_offset < 0 || frame.x_offset > size.width - frame.width ||
        frame.y_offset > size.height - frame.height) {
        throw_undecodable(MediaType::webp, "frame beyond the canvas");
    }
    Pixels pixels{.rgb = std::vector<std::uint8_t>(rgb_bytes(size))};
    const std::size_t at = static_cast<std::size_t>(frame.y_offset) * rgb_row_bytes(size) +
                           static_cast<std::size_t>(frame.x_offset) * 3;
    decode_frame(std::as_bytes(std::span(frame.fragment.bytes, frame.fragment.size)),
                 std::span(pixels.rgb).subspan(at), static_cast<int>(rgb_row_bytes(size)), budget);
    return pixels;
}

/// A chunk of the container, or nothing.
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
