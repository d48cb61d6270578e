// zlib's inflate() behind a reader.
#include "inflate.hpp"

#include <climits>
#include <new>
#include <utility>

#include <zlib.h>

namespace speciesnet {

Inflater::Inflater(std::vector<Bytes> parts)
    : parts_(std::move(parts)), stream_(std::make_unique<z_stream>()) {
    if (inflateInit(stream_.get()) != Z_OK) {
        throw std::bad_alloc();
    }
}

Inflater::~Inflater() {
    inflateEnd(stream_.get());
}

std::size_t Inflater::read(std::span<std::uint8_t> out) {
    std::size_t filled = 0;
    while (filled < out.size() && !ended_) {
        if (stream_->avail_in == 0) {
            if (next_part_ == parts_.size()) {
                break;
            }
            Bytes& part = parts_[next_part_];
            const Bytes piece = part.first(std::min<std::size_t>(part.size(), UINT_MAX));
            stream_->next_in = const_cast<Bytef*>(as_numbers(piece));
            stream_->avail_in = static_cast<uInt>(piece.size());
            part = part.subspan(piece.size());
            if (part.empty()) {
                ++next_part_;
            }
        }
        const std::size_t wanted = std::min<std::size_t>(out.size() - filled, UINT_MAX);
        stream_->next_out = out.data() + filled;
        stream_->avail_out = static_cast<uInt>(wanted);
        const int status = inflate(stream_.get(), Z_NO_FLUSH);
        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
            ended_ = true;
            break;
        }
        filled += wanted - stream_->avail_out;
        ended_ = status == Z_STREAM_END;
    }
    return filled;
}

}  // namespace speciesnet
