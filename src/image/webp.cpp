// WebP by libwebp: still pictures and the first frame of animations.
#include "exif.hpp"
#include "format.hpp"

#include <memory>

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

bool has_signature(Bytes bytes) {
    const std::string_view text = as_text(bytes);
    return text.starts_with("RIFF") && text.size() >= 12 && text.substr(8, 4) == "WEBP";
}

PixelSize read_size(Bytes bytes) {
    const Demuxer demuxer = demux(bytes);
    return {static_cast<int>(WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH)),
            static_cast<int>(WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT))};
}

std::vector<std::uint8_t> decode_rgb(Bytes bytes, PixelSize size) {
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
    std::vector<std::uint8_t> rgb(rgb_bytes(size));
    const std::size_t at = static_cast<std::size_t>(frame.y_offset) * rgb_row_bytes(size) +
                           static_cast<std::size_t>(frame.x_offset) * 3;
    if (WebPDecodeRGBInto(frame.fragment.bytes, frame.fragment.size, rgb.data() + at,
                          rgb.size() - at, static_cast<int>(rgb_row_bytes(size))) == nullptr) {
        throw_undecodable(MediaType::webp, "damaged body");
    }
    return rgb;
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

const Format webp_format{MediaType::webp, has_signature,    read_size,
                         decode_rgb,      read_orientation, find_exif};

}  // namespace speciesnet
