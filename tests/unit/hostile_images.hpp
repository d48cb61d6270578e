// SPDX-License-Identifier: Apache-2.0
// Small files that demand excessive work or memory. Each is well-formed as far as it goes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <zlib.h>

namespace speciesnet::hostile {

/// Writes integers of any width in either byte order.
class Writer {
public:
    explicit Writer(bool big_endian) : big_endian_(big_endian) {}

    Writer& number(std::uint64_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) {
            const int shift = 8 * (big_endian_ ? bytes - 1 - i : i);
            bytes_.push_back(static_cast<char>(value >> shift & 0xFF));
        }
        return *this;
    }
    Writer& text(std::string_view more) {
        bytes_ += more;
        return *this;
    }
    const std::string& bytes() const { return bytes_; }

private:
    bool big_endian_;
    std::string bytes_;
};

/// Returns a zlib stream of `count` zeros.
inline std::string deflated_zeros(std::size_t count) {
    z_stream stream{};
    deflateInit(&stream, Z_BEST_COMPRESSION);
    std::string packed(deflateBound(&stream, count), '\0');
    const std::vector<Bytef> piece(std::size_t{1} << 20);
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    while (count > 0) {
        const std::size_t now = count < piece.size() ? count : piece.size();
        stream.next_in = const_cast<Bytef*>(piece.data());
        stream.avail_in = static_cast<uInt>(now);
        count -= now;
        deflate(&stream, count == 0 ? Z_FINISH : Z_NO_FLUSH);
    }
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

/// Returns a zlib stream of empty blocks: `blocks` · 5 bytes that decompress to nothing.
inline std::string deflated_nothing(std::size_t blocks) {
    std::string packed = "\x78\x9C";
    for (std::size_t i = 0; i < blocks; ++i) {
        packed.append("\0\0\0\xFF\xFF", 5);
    }
    return packed;
}

/// A JPEG in which each scan needs only a few bytes but covers the whole image. All coefficients
/// are zero.
struct Jpeg {
    int width = 8000;
    int height = 8000;
    int components = 3;
    int scans = 99;
    bool arithmetic = true;

    std::string bytes() const {
        Writer file(true);
        file.number(0xFFD8, 2);
        file.number(0xFFDB, 2).number(67, 2).number(0, 1).text(std::string(64, '\1'));
        file.number(arithmetic ? 0xFFCA : 0xFFC2, 2).number(8 + 3 * count(), 2).number(8, 1);
        file.number(unsigned_of(height), 2).number(unsigned_of(width), 2).number(count(), 1);
        for (std::uint64_t id = 1; id <= count(); ++id) {
            file.number(id, 1).number(0x11, 1).number(0, 1);
        }
        if (!arithmetic) {
            // Tables with a single code of one bit: a difference of 0, or the end of a block.
            for (const unsigned table : {0x00U, 0x10U}) {
                file.number(0xFFC4, 2).number(20, 2).number(table, 1).number(1, 1);
                file.text(std::string(15, '\0')).number(0, 1);
            }
        }
        scan(file, 1, count(), 0);
        for (int i = 1; i < scans; ++i) {
            scan(file, 1 + static_cast<std::uint64_t>(i % components), 1, 63);
        }
        return file.number(0xFFD9, 2).bytes();
    }

private:
    static std::uint64_t unsigned_of(int value) { return static_cast<std::uint64_t>(value); }
    std::uint64_t count() const { return unsigned_of(components); }

    static void scan(Writer& file, std::uint64_t first, std::uint64_t named, std::uint64_t last) {
        file.number(0xFFDA, 2).number(6 + 2 * named, 2).number(named, 1);
        for (std::uint64_t id = first; id < first + named; ++id) {
            file.number(id, 1).number(0, 1);
        }
        file.number(last == 0 ? 0 : 1, 1).number(last, 1).number(0, 1);
    }
};

/// Returns a chunk of a PNG.
inline std::string png_chunk(std::string_view name, std::string_view content) {
    const std::string named = std::string(name).append(content);
    Writer chunk(true);
    chunk.number(content.size(), 4).text(named);
    return chunk.number(crc32_z(0, reinterpret_cast<const Bytef*>(named.data()), named.size()), 4)
        .bytes();
}

/// A PNG whose pixels are zero.
struct Png {
    std::uint64_t width = 8000;
    std::uint64_t height = 8000;
    std::uint64_t depth = 8;
    std::uint64_t type = 2;
    std::uint64_t pixel_bits = 24;
    std::string chunks = {};  ///< Before the pixels.

    std::string bytes() const {
        Writer header(true);
        header.number(width, 4).number(height, 4).number(depth, 1).number(type, 1).number(0, 3);
        const std::uint64_t row_bytes = 1 + (width * pixel_bits + 7) / 8;
        return "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", header.bytes()) + chunks +
               png_chunk("IDAT", deflated_zeros(height * row_bytes)) + png_chunk("IEND", "");
    }
};

/// Returns `count` texts of 1 MiB under the name of an EXIF block.
inline std::string deflated_texts(std::size_t count) {
    static constexpr std::string_view head{"Raw profile type exif\0\0", 23};
    const std::string chunk =
        png_chunk("zTXt", std::string(head) + deflated_zeros(std::size_t{1} << 20));
    std::string chunks;
    for (std::size_t i = 0; i < count; ++i) {
        chunks += chunk;
    }
    return chunks;
}

/// A TIFF of 8-bit grey in which all strips, or square tiles, are the same compressed data.
struct Tiff {
    std::uint64_t width = 16;
    std::uint64_t height = 65'500;
    std::uint64_t tile = 0;  ///< Side of a tile; 0 for strips of a row.
    std::string data = deflated_nothing(250'000);
    std::uint64_t compression = 8;

    std::string bytes() const {
        const std::uint64_t segments =
            tile == 0 ? height : ((width + tile - 1) / tile) * ((height + tile - 1) / tile);
        Writer file(false);
        file.text("II*").number(0, 1);
        const std::uint64_t data_at = 8;
        const std::uint64_t offsets_at = data_at + data.size();
        const std::uint64_t counts_at = offsets_at + 4 * segments;
        file.number(counts_at + 4 * segments, 4).text(data);
        for (const std::uint64_t value : {data_at, std::uint64_t{data.size()}}) {
            for (std::uint64_t i = 0; i < segments; ++i) {
                file.number(value, 4);
            }
        }
        struct Field {
            std::uint64_t tag;
            std::uint64_t count;
            std::uint64_t value;
        };
        std::vector<Field> fields = {{256, 1, width},       {257, 1, height}, {258, 1, 8},
                                     {259, 1, compression}, {262, 1, 1},      {277, 1, 1}};
        if (tile == 0) {
            fields.insert(fields.begin() + 5, {273, segments, offsets_at});
            fields.push_back({278, 1, 1});
            fields.push_back({279, segments, counts_at});
        } else {
            fields.push_back({322, 1, tile});
            fields.push_back({323, 1, tile});
            fields.push_back({324, segments, offsets_at});
            fields.push_back({325, segments, counts_at});
        }
        file.number(fields.size(), 2);
        for (const Field& field : fields) {
            file.number(field.tag, 2).number(4, 2).number(field.count, 4).number(field.value, 4);
        }
        return file.number(0, 4).bytes();
    }
};

/// A lossless WebP of zeros, in which each block of 4×4 pixels can have its own set of codes.
struct Webp {
    int width = 1024;
    int height = 1024;
    unsigned sets = 65'536;
    bool as_alpha = false;  ///< As the alpha of a lossy image, which is missing.

    std::string bytes() const {
        Bits stream;
        if (!as_alpha) {
            stream.put(0x2F, 8).put(side(width), 14).put(side(height), 14).put(0, 4);
        }
        // No transforms, no cache, and blocks of four by four pixels.
        stream.put(0, 2).put(1, 1).put(0, 3);
        // The image of sets has no cache; red and green are plain bytes.
        stream.put(0, 1);
        plain_bytes(stream, 24);
        plain_bytes(stream, 0);
        for (int constant = 0; constant < 3; ++constant) {
            stream.put(1, 4);
        }
        const unsigned blocks =
            static_cast<unsigned>((width + 3) / 4) * static_cast<unsigned>((height + 3) / 4);
        for (unsigned block = 0; block < blocks; ++block) {
            const unsigned set = block % sets;
            reversed(stream, set & 0xFFU);
            reversed(stream, set >> 8U);
        }
        for (unsigned code = 0; code < 5 * sets; ++code) {
            stream.put(1, 4);
        }
        const std::string content = (as_alpha ? "\1" : "") + stream.bytes();
        Writer file(false);
        const auto chunk = [&](std::string_view name, std::string_view data) {
            file.text(name).number(data.size(), 4).text(data).number(0, data.size() % 2);
        };
        if (as_alpha) {
            Writer extended(false);
            extended.number(0x10, 4).number(side(width), 3).number(side(height), 3);
            chunk("VP8X", extended.bytes());
            chunk("ALPH", content);
            Writer lossy(false);
            lossy.text(std::string("\x10\0\0\x9D\1\x2A", 6)).number(side(width) + 1, 2);
            chunk("VP8 ", lossy.number(side(height) + 1, 2).text(std::string(50, '\0')).bytes());
        } else {
            chunk("VP8L", content);
        }
        Writer whole(false);
        whole.text("RIFF").number(4 + file.bytes().size(), 4).text("WEBP");
        return whole.text(file.bytes()).bytes();
    }

private:
    /// Writes the least significant bit first.
    class Bits {
    public:
        Bits& put(unsigned value, int bits) {
            for (int i = 0; i < bits; ++i, ++count_) {
                if (count_ % 8 == 0) {
                    bytes_ += '\0';
                }
                bytes_.back() = static_cast<char>(static_cast<unsigned char>(bytes_.back()) |
                                                  (value >> i & 1U) << count_ % 8);
            }
            return *this;
        }
        const std::string& bytes() const { return bytes_; }

    private:
        std::string bytes_;
        int count_ = 0;
    };

    static unsigned side(int pixels) { return static_cast<unsigned>(pixels) - 1; }

    /// Writes a code of eight bits for each byte, and none for `others`.
    static void plain_bytes(Bits& stream, int others) {
        // The lengths 8 and 0 have one bit each.
        constexpr std::array order{17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8};
        stream.put(0, 1).put(order.size() - 4, 4);
        for (const int length : order) {
            stream.put(length == 0 || length == 8 ? 1 : 0, 3);
        }
        stream.put(0, 1);
        for (int symbol = 0; symbol < 256 + others; ++symbol) {
            stream.put(symbol < 256 ? 1 : 0, 1);
        }
    }

    static void reversed(Bits& stream, unsigned byte) {
        for (int bit = 7; bit >= 0; --bit) {
            stream.put(byte >> bit & 1U, 1);
        }
    }
};

/// Returns each attack at the size of an upload, with a name for its file.
inline std::vector<std::pair<std::string, std::string>> all_images() {
    std::vector<std::pair<std::string, std::string>> images;
    images.emplace_back("arithmetic_99_scans.jpg", Jpeg{}.bytes());
    images.emplace_back("huffman_99_scans.jpg", Jpeg{.arithmetic = false}.bytes());
    images.emplace_back("huffman_2000_scans.jpg", Jpeg{.scans = 2000, .arithmetic = false}.bytes());
    images.emplace_back("tiny_300000_scans.jpg",
                        Jpeg{.width = 8, .height = 8, .scans = 300'000}.bytes());
    images.emplace_back("four_components.jpg", Jpeg{.components = 4, .scans = 2}.bytes());
    images.emplace_back("64_megapixels.png", Png{}.bytes());
    images.emplace_back("64_megapixels_16_bit.png",
                        Png{.depth = 16, .type = 6, .pixel_bits = 64}.bytes());
    images.emplace_back("one_pixel_wide.png", Png{.width = 1, .height = 64'000'000}.bytes());
    images.emplace_back("4898_texts.png",
                        Png{.width = 8, .height = 8, .chunks = deflated_texts(4000)}.bytes());
    images.emplace_back("65500_strips.tif", Tiff{}.bytes());
    images.emplace_back("250000_tiles.tif",
                        Tiff{.width = 8000, .height = 8000, .tile = 16}.bytes());
    images.emplace_back("65536_sets_of_codes.webp", Webp{}.bytes());
    images.emplace_back("65536_sets_of_alpha.webp", Webp{.as_alpha = true}.bytes());
    return images;
}

}  // namespace speciesnet::hostile
