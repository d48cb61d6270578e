// TIFF, first page, by libtiff. Compressed pictures must be whole; of uncompressed ones that are
// cut short we give the complete rows, as Pillow does.
#include "exif.hpp"
#include "format.hpp"
#include "tiff_file.hpp"
#include "tiff_layout.hpp"

#include <algorithm>
#include <string>

namespace speciesnet {
namespace {

/// For directories and codecs; pixels come on top of it.
constexpr std::size_t working_memory = std::size_t{64} << 20;

/// The widest pixels are six samples of 8 bits or four of 16, against three bytes of RGB.
std::size_t max_allocation(PixelSize size) {
    return working_memory + 3 * rgb_bytes(size);
}

bool has_signature(Bytes bytes) {
    using namespace std::string_view_literals;
    const std::string_view text = as_text(bytes);
    return text.starts_with("II*\0"sv) || text.starts_with("MM\0*"sv) ||
           text.starts_with("II+\0"sv) || text.starts_with("MM\0+"sv);
}

PixelSize read_size(Bytes bytes) {
    return read_layout(TiffFile(bytes, working_memory)).size;
}

/// Reads strips or tiles, one plane of one at a time.
class SegmentReader {
public:
    SegmentReader(const TiffFile& file, Bytes bytes, const TiffLayout& layout, std::size_t limit)
        : file_(file), bytes_(bytes), layout_(layout) {
        const auto size = static_cast<std::uint64_t>(
                              layout.row_bytes(layout.segment.width, layout.interleaved())) *
                          static_cast<std::uint64_t>(layout.segment.height);
        const auto expected =
            static_cast<std::uint64_t>(TIFFIsTiled(file.get()) != 0 ? TIFFTileSize64(file.get())
                                                                    : TIFFStripSize64(file.get()));
        if (size > limit || expected > size) {
            throw_undecodable(MediaType::tiff, "strips or tiles of an impossible size");
        }
        buffer_.resize(size);
    }

    /// Reads the segment whose first pixel is (x, y); in `rows` is how many rows of it are needed
    /// and then, how many there are. The result is valid until the next call.
    std::span<const std::uint8_t> read(int x, int y, std::size_t plane, int& rows) {
        TIFF* const tiff = file_.get();
        const bool tiled = TIFFIsTiled(tiff) != 0;
        const auto column = static_cast<std::uint32_t>(x);
        const auto row = static_cast<std::uint32_t>(y);
        const auto sample = static_cast<std::uint16_t>(plane);
        const std::uint32_t index = tiled ? TIFFComputeTile(tiff, column, row, 0, sample)
                                          : TIFFComputeStrip(tiff, row, sample);
        if (!layout_.compressed) {
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
    std::vector<std::uint8_t> buffer_;
};

/// Brings the samples of separate planes together. Those are whole bytes.
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

std::vector<std::uint8_t> decode_ycbcr(const TiffFile& file, PixelSize size) {
    // Turning the picture is our part, not libtiff's.
    TIFFSetField(file.get(), TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    std::vector<std::uint32_t> raster(rgb_bytes(size) / 3);
    if (TIFFReadRGBAImageOriented(file.get(), static_cast<std::uint32_t>(size.width),
                                  static_cast<std::uint32_t>(size.height), raster.data(),
                                  ORIENTATION_TOPLEFT, 1) == 0) {
        file.refuse();
    }
    std::vector<std::uint8_t> rgb;
    rgb.reserve(rgb_bytes(size));
    for (const std::uint32_t pixel : raster) {
        rgb.push_back(static_cast<std::uint8_t>(TIFFGetR(pixel)));
        rgb.push_back(static_cast<std::uint8_t>(TIFFGetG(pixel)));
        rgb.push_back(static_cast<std::uint8_t>(TIFFGetB(pixel)));
    }
    return rgb;
}

std::vector<std::uint8_t> decode_rgb(Bytes bytes, PixelSize size) {
    const TiffFile file(bytes, max_allocation(size));
    const TiffLayout layout = read_layout(file);
    if (layout.pixel == TiffPixel::ycbcr) {
        return decode_ycbcr(file, size);
    }
    SegmentReader reader(file, bytes, layout, max_allocation(size));
    Interleaver interleaver(layout);
    std::vector<std::uint8_t> rgb = fill(size, layout.empty);
    const std::size_t row_bytes = layout.row_bytes(layout.segment.width, layout.samples);
    for (int y = 0; y < size.height; y += layout.segment.height) {
        for (int x = 0; x < size.width; x += layout.segment.width) {
            const int columns = std::min(layout.segment.width, size.width - x);
            int rows = std::min(layout.segment.height, size.height - y);
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
                unpack_row(layout,
                           pixels.subspan(static_cast<std::size_t>(row) * row_bytes, row_bytes),
                           std::span(rgb).subspan(at, static_cast<std::size_t>(columns) * 3));
            }
        }
    }
    return rgb;
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

/// The file itself has the form of an EXIF block, and its fields.
Bytes find_exif(Bytes bytes, std::vector<std::byte>&) {
    return bytes;
}

}  // namespace

const Format tiff_format{MediaType::tiff, has_signature,    read_size,
                         decode_rgb,      read_orientation, find_exif};

}  // namespace speciesnet
