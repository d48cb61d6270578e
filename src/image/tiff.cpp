// SPDX-License-Identifier: Apache-2.0
// Decodes the first page of a TIFF with libtiff. Compressed images must be complete; a truncated
// uncompressed one gives its complete rows, as with Pillow.
#include "exif.hpp"
#include "format.hpp"
#include "jpeg_segments.hpp"
#include "tiff_file.hpp"
#include "tiff_layout.hpp"
#include "webp_lossless.hpp"

#include <algorithm>
#include <string>

namespace speciesnet {
namespace {

/// Memory for directories and codecs, in addition to the pixels.
constexpr std::size_t working_memory = std::size_t{64} << 20;

/// The widest pixels have six samples of 8 bits or four of 16, compared with three bytes of RGB.
std::size_t max_allocation(PixelSize size) {
    return working_memory + 3 * rgb_bytes(size);
}

/// Work of libtiff for a byte of a segment, compressed and decompressed.
struct ByteWork {
    std::uint64_t packed;
    std::uint64_t unpacked;
};

ByteWork byte_work(std::uint16_t compression) {
    switch (compression) {
        case COMPRESSION_NONE:
            return {0, 1};
        case COMPRESSION_ADOBE_DEFLATE:
        case COMPRESSION_DEFLATE:
            return {30, 3};
        case COMPRESSION_ZSTD:
            return {30, 3};
        case COMPRESSION_LZMA:
            return {120, 8};
        case COMPRESSION_CCITTRLE:
        case COMPRESSION_CCITTFAX3:
        case COMPRESSION_CCITTFAX4:
            return {40, 30};
        default:
            return {20, 5};
    }
}

/// The strips or tiles of an image: their positions and costs.
class Segments {
public:
    Segments(const TiffFile& file, Bytes bytes, const TiffLayout& layout)
        : file_(file), bytes_(bytes), layout_(layout) {}

    /// Returns the number of segments in all planes.
    std::uint64_t count() const {
        const auto in = [](int whole, int part) {
            return (static_cast<std::uint64_t>(whole) + static_cast<std::uint64_t>(part) - 1) /
                   static_cast<std::uint64_t>(part);
        };
        return in(layout_.size.width, layout_.segment.width) *
               in(layout_.size.height, layout_.segment.height) *
               (layout_.separate_planes ? layout_.samples : 1);
    }

    /// Returns the compressed segment, as far as the file holds it.
    Bytes packed(std::uint32_t index) const {
        const std::uint64_t from =
            std::min<std::uint64_t>(TIFFGetStrileOffset(file_.get(), index), bytes_.size());
        const std::uint64_t size = std::min<std::uint64_t>(
            TIFFGetStrileByteCount(file_.get(), index), bytes_.size() - from);
        return bytes_.subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(size));
    }

    /// Returns the bytes of a decompressed segment.
    std::uint64_t unpacked_bytes() const {
        return static_cast<std::uint64_t>(
                   layout_.row_bytes(layout_.segment.width, layout_.interleaved())) *
               static_cast<std::uint64_t>(layout_.segment.height);
    }

    Cost cost(std::uint32_t index) const {
        static constexpr std::uint64_t segment_work = 2000;
        static constexpr std::uint64_t row_work = 60;
        const Bytes data = packed(index);
        const ByteWork work = byte_work(layout_.compression);
        const std::uint64_t copies = layout_.separate_planes ? 1 + layout_.samples : 1;
        Cost cost{.work = segment_work +
                          static_cast<std::uint64_t>(layout_.segment.height) * row_work +
                          data.size() * work.packed + unpacked_bytes() * work.unpacked,
                  .memory = data.size() + unpacked_bytes() * copies};
        if (layout_.compression == COMPRESSION_JPEG) {
            const Cost jpeg = count_scans(data).cost(data);
            cost.work += jpeg.work;
            cost.memory += jpeg.memory;
        } else if (layout_.compression == COMPRESSION_WEBP) {
            static constexpr std::size_t file_header = 12;
            const auto codes =
                read_lossless_codes(data.subspan(std::min(data.size(), file_header)));
            if (!codes) {
                throw_undecodable(MediaType::tiff, "a strip or tile is damaged");
            }
            const Cost tables = codes->cost();
            cost.work += tables.work;
            cost.memory += tables.memory;
        }
        return cost;
    }

    /// Returns the cost of all segments. Throws InvalidImage if there are more than the file can
    /// hold, or if they overlap so that the same bytes would be decompressed repeatedly.
    Cost cost() const {
        static constexpr std::uint64_t pixel_work = 10;
        const std::uint64_t segments = count();
        if (segments > bytes_.size()) {
            throw_undecodable(MediaType::tiff, "more strips or tiles than the file has room for");
        }
        const std::uint64_t pixels = rgb_bytes(layout_.size) / 3;
        Cost all{.work = pixels * pixel_work};
        std::uint64_t packed_bytes = 0;
        for (std::uint32_t index = 0; index < segments; ++index) {
            packed_bytes += packed(index).size();
            // Some writers store identical tiles once.
            if (layout_.compression != COMPRESSION_NONE && packed_bytes > 2 * bytes_.size()) {
                throw_undecodable(MediaType::tiff, "strips or tiles overlap");
            }
            const Cost one = cost(index);
            all.work += one.work;
            all.memory = std::max(all.memory, one.memory);
        }
        all.memory += pixels * (layout_.pixel == TiffPixel::ycbcr ? 7 : 3);
        return all;
    }

private:
    const TiffFile& file_;
    Bytes bytes_;
    const TiffLayout& layout_;
};

Header read_header(Bytes bytes) {
    const TiffFile file(bytes, working_memory);
    const TiffLayout layout = read_layout(file);
    return {layout.size, Segments(file, bytes, layout).cost()};
}

/// Reads strips or tiles, one plane at a time.
class SegmentReader {
public:
    SegmentReader(const TiffFile& file, Bytes bytes, const TiffLayout& layout, std::size_t limit,
                  Budget& budget)
        : file_(file),
          bytes_(bytes),
          layout_(layout),
          segments_(file, bytes, layout),
          budget_(budget) {
        const std::uint64_t size = segments_.unpacked_bytes();
        const auto expected =
            static_cast<std::uint64_t>(TIFFIsTiled(file.get()) != 0 ? TIFFTileSize64(file.get())
                                                                    : TIFFStripSize64(file.get()));
        if (size > limit || expected > size) {
            throw_undecodable(MediaType::tiff, "strips or tiles of an impossible size");
        }
        buffer_.resize(size);
    }

    /// Reads the segment whose first pixel is (x, y). `rows` is the number of rows needed; it is
    /// set to the number available. The result is valid until the next call.
    std::span<const std::uint8_t> read(int x, int y, std::size_t plane, int& rows) {
        TIFF* const tiff = file_.get();
        const bool tiled = TIFFIsTiled(tiff) != 0;
        const auto column = static_cast<std::uint32_t>(x);
        const auto row = static_cast<std::uint32_t>(y);
        const auto sample = static_cast<std::uint16_t>(plane);
        const std::uint32_t index = tiled ? TIFFComputeTile(tiff, column, row, 0, sample)
                                          : TIFFComputeStrip(tiff, row, sample);
        budget_.spend(segments_.cost(index).work);
        if (layout_.compression == COMPRESSION_NONE) {
            rows = read_plain(index, rows);
            return buffer_;
        }
        const tmsize_t got = tiled ? TIFFReadEncodedTile(tiff, index, buffer_.data(), -1)
                                   : TIFFReadEncodedStrip(tiff, index, buffer_.data(), -1);
        if (got < 0) {
            file_.refuse();
        }
        return buffer_;
    }

private:
    int read_plain(std::uint32_t index, int rows) {
        const std::uint64_t from = TIFFGetStrileOffset(file_.get(), index);
        const std::size_t row_bytes =
            layout_.row_bytes(layout_.segment.width, layout_.interleaved());
        if (from == 0 || from > bytes_.size()) {
            return 0;
        }
        const auto present = static_cast<int>(std::min<std::uint64_t>(
            static_cast<std::uint64_t>(rows), (bytes_.size() - from) / row_bytes));
        const std::size_t count = static_cast<std::size_t>(present) * row_bytes;
        std::copy_n(as_numbers(bytes_) + from, count, buffer_.data());
        if (layout_.bits_reversed) {
            TIFFReverseBits(buffer_.data(), static_cast<tmsize_t>(count));
        }
        if (layout_.swapped && layout_.bits == 16) {
            TIFFSwabArrayOfShort(reinterpret_cast<std::uint16_t*>(buffer_.data()),
                                 static_cast<tmsize_t>(count / 2));
        } else if (layout_.swapped && layout_.bits == 32) {
            TIFFSwabArrayOfLong(reinterpret_cast<std::uint32_t*>(buffer_.data()),
                                static_cast<tmsize_t>(count / 4));
        }
        return present;
    }

    const TiffFile& file_;
    Bytes bytes_;
    const TiffLayout& layout_;
    Segments segments_;
    Budget& budget_;
    std::vector<std::uint8_t> buffer_;
};

/// Interleaves the samples of separate planes. Each sample has whole bytes.
class Interleaver {
public:
    explicit Interleaver(const TiffLayout& layout)
        : sample_bytes_(static_cast<std::size_t>(layout.bits) / 8), samples_(layout.samples) {}

    void add_plane(std::span<const std::uint8_t> segment, std::size_t plane) {
        pixels_.resize(segment.size() * samples_);
        for (std::size_t i = 0; i < segment.size() / sample_bytes_; ++i) {
            std::copy_n(segment.data() + i * sample_bytes_, sample_bytes_,
                        pixels_.data() + (i * samples_ + plane) * sample_bytes_);
        }
    }

    std::span<const std::uint8_t> pixels() const { return pixels_; }

private:
    std::size_t sample_bytes_;
    std::size_t samples_;
    std::vector<std::uint8_t> pixels_;
};

Pixels decode_ycbcr(const TiffFile& file, PixelSize size) {
    // This project applies the orientation, not libtiff.
    TIFFSetField(file.get(), TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    std::vector<std::uint32_t> raster(rgb_bytes(size) / 3);
    if (TIFFReadRGBAImageOriented(file.get(), static_cast<std::uint32_t>(size.width),
                                  static_cast<std::uint32_t>(size.height), raster.data(),
                                  ORIENTATION_TOPLEFT, 1) == 0) {
        file.refuse();
    }
    Pixels pixels;
    pixels.rgb.reserve(rgb_bytes(size));
    for (const std::uint32_t pixel : raster) {
        pixels.rgb.push_back(static_cast<std::uint8_t>(TIFFGetR(pixel)));
        pixels.rgb.push_back(static_cast<std::uint8_t>(TIFFGetG(pixel)));
        pixels.rgb.push_back(static_cast<std::uint8_t>(TIFFGetB(pixel)));
    }
    return pixels;
}

Pixels decode_rgb(Bytes bytes, PixelSize size, Budget& budget) {
    const TiffFile file(bytes, max_allocation(size));
    const TiffLayout layout = read_layout(file);
    if (layout.pixel == TiffPixel::ycbcr) {
        budget.spend(Segments(file, bytes, layout).cost().work);
        return decode_ycbcr(file, size);
    }
    SegmentReader reader(file, bytes, layout, max_allocation(size), budget);
    Interleaver interleaver(layout);
    Pixels result{.rgb = fill(size, layout.empty)};
    const std::size_t row_bytes = layout.row_bytes(layout.segment.width, layout.samples);
    for (int y = 0; y < size.height; y += layout.segment.height) {
        for (int x = 0; x < size.width; x += layout.segment.width) {
            const int columns = std::min(layout.segment.width, size.width - x);
            const int wanted = std::min(layout.segment.height, size.height - y);
            int rows = wanted;
            std::span<const std::uint8_t> pixels;
            if (layout.separate_planes) {
                for (std::size_t plane = 0; plane < layout.samples; ++plane) {
                    interleaver.add_plane(reader.read(x, y, plane, rows), plane);
                }
                pixels = interleaver.pixels();
            } else {
                pixels = reader.read(x, y, 0, rows);
            }
            for (int row = 0; row < rows; ++row) {
                const std::size_t at = static_cast<std::size_t>(y + row) * rgb_row_bytes(size) +
                                       static_cast<std::size_t>(x) * 3;
                unpack_row(
                    layout, pixels.subspan(static_cast<std::size_t>(row) * row_bytes, row_bytes),
                    std::span(result.rgb).subspan(at, static_cast<std::size_t>(columns) * 3));
            }
            result.truncated = result.truncated || rows < wanted;
        }
    }
    return result;
}

int read_orientation(Bytes bytes) {
    const TiffFile file(bytes, working_memory);
    const auto tag = file.field<std::uint16_t>(TIFFTAG_ORIENTATION).value_or(ORIENTATION_TOPLEFT);
    if (tag >= ORIENTATION_TOPRIGHT && tag <= ORIENTATION_LEFTBOT) {
        return tag;
    }
    std::uint32_t xmp_bytes = 0;
    const char* xmp = nullptr;
    if (TIFFGetField(file.get(), TIFFTAG_XMLPACKET, &xmp_bytes, &xmp) != 1) {
        xmp_bytes = 0;
    }
    return find_orientation(MediaType::tiff, {}, {xmp, xmp_bytes});
}

/// Returns the file itself: its fields have the form of an EXIF block.
Bytes find_exif(Bytes bytes, std::vector<std::byte>&) {
    return bytes;
}

}  // namespace

const Format tiff_format{MediaType::tiff, has_tiff_signature, read_header,
                         decode_rgb,      read_orientation,   find_exif};

}  // namespace speciesnet
