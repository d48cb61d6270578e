// JPEG by libjpeg-turbo, with the settings and the tolerance that Pillow gives it: islow DCT, fancy
// upsampling, damaged files decoded as far as they go.
#include "byte_order.hpp"
#include "colour.hpp"
#include "exif.hpp"
#include "format.hpp"

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <string>

// jpeglib.h needs FILE to be declared.
#include <jerror.h>
#include <jpeglib.h>

namespace speciesnet {
namespace {

/// A progressive file may ask for the whole picture to be gone through again for each of any number
/// of tiny scans. Encoders write about ten.
constexpr int max_scans = 100;

/// libjpeg reports a fatal error by a call that must not return. The jump goes over C frames only:
/// no object with a destructor is created between setjmp and longjmp.
struct ErrorTrap {
    jpeg_error_mgr base{};
    std::jmp_buf jump{};
    char message[JMSG_LENGTH_MAX] = "";
};

void trap_error(j_common_ptr info) {
    auto* const trap = reinterpret_cast<ErrorTrap*>(info->err);
    info->err->format_message(info, trap->message);
    std::longjmp(trap->jump, 1);
}

void ignore_message(j_common_ptr) {}

void limit_scans(j_common_ptr info) {
    if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > max_scans) {
        ERREXIT(info, JERR_BAD_PROGRESSION);
    }
}

/// Gives libjpeg the bytes of a file and then, once, the end-of-image marker that a truncated file
/// lacks. Whatever needs still more input stops there, as with Pillow.
class Source : public jpeg_source_mgr {
public:
    explicit Source(Bytes bytes) : jpeg_source_mgr{} {
        next_input_byte = as_numbers(bytes);
        bytes_in_buffer = bytes.size();
        init_source = [](j_decompress_ptr) {};
        fill_input_buffer = fill;
        skip_input_data = skip;
        resync_to_restart = jpeg_resync_to_restart;
        term_source = [](j_decompress_ptr) {};
    }

private:
    static boolean fill(j_decompress_ptr info) {
        static constexpr std::array<JOCTET, 2> end_of_image = {0xFF, JPEG_EOI};
        auto& source = static_cast<Source&>(*info->src);
        if (source.ended_) {
            return FALSE;
        }
        source.ended_ = true;
        source.next_input_byte = end_of_image.data();
        source.bytes_in_buffer = end_of_image.size();
        return TRUE;
    }

    static void skip(j_decompress_ptr info, long count) {
        jpeg_source_mgr& source = *info->src;
        auto left = static_cast<std::size_t>(std::max(count, 0L));
        while (left > source.bytes_in_buffer) {
            left -= source.bytes_in_buffer;
            source.next_input_byte += source.bytes_in_buffer;
            source.bytes_in_buffer = 0;
            if (fill(info) == FALSE) {
                return;
            }
        }
        source.next_input_byte += left;
        source.bytes_in_buffer -= left;
    }

    bool ended_ = false;
};

/// A libjpeg decompressor over bytes in memory.
class Decompressor {
public:
    explicit Decompressor(Bytes bytes) : source_(bytes) {
        info_.err = jpeg_std_error(&trap_.base);
        trap_.base.error_exit = trap_error;
        trap_.base.output_message = ignore_message;
        if (setjmp(trap_.jump) != 0) {
            jpeg_destroy_decompress(&info_);
            throw_undecodable(MediaType::jpeg, trap_.message);
        }
        jpeg_create_decompress(&info_);
        progress_.progress_monitor = limit_scans;
        info_.progress = &progress_;
        info_.src = &source_;
        if (jpeg_read_header(&info_, TRUE) != JPEG_HEADER_OK) {
            jpeg_destroy_decompress(&info_);
            throw_undecodable(MediaType::jpeg, "cut short in the header");
        }
    }
    ~Decompressor() { jpeg_destroy_decompress(&info_); }
    Decompressor(const Decompressor&) = delete;
    Decompressor& operator=(const Decompressor&) = delete;

    int components() const { return info_.num_components; }
    PixelSize size() const {
        return {static_cast<int>(info_.image_width), static_cast<int>(info_.image_height)};
    }

    /// Decodes row after row into `rows`, which take `row_bytes` each, and stops where libjpeg
    /// gives up: the rest stays as it was.
    void read_rows(std::uint8_t* rows, std::size_t row_bytes) {
        if (setjmp(trap_.jump) != 0) {
            if (info_.input_scan_number > max_scans) {
                throw_undecodable(MediaType::jpeg, "too many scans");
            }
            return;
        }
        info_.out_color_space = output_space();
        if (jpeg_start_decompress(&info_) == FALSE) {
            return;
        }
        while (info_.output_scanline < info_.output_height) {
            JSAMPROW row = rows + info_.output_scanline * row_bytes;
            if (jpeg_read_scanlines(&info_, &row, 1) == 0) {
                return;
            }
        }
    }

private:
    J_COLOR_SPACE output_space() const {
        return info_.num_components == 1   ? JCS_GRAYSCALE
               : info_.num_components == 3 ? JCS_RGB
                                           : JCS_CMYK;
    }

    Source source_;
    jpeg_decompress_struct info_{};
    jpeg_progress_mgr progress_{};
    ErrorTrap trap_{};
};

bool has_signature(Bytes bytes) {
    return as_text(bytes).starts_with("\xFF\xD8\xFF");
}

/// Whether Pillow expects a length and content behind this marker.
bool has_content(int code) {
    return (code >= 0xC0 && code <= 0xCF && code != 0xC8) || (code >= 0xDA && code <= 0xEF) ||
           code == 0xFE;
}

/// Calls `use(code, content)` for the segments in front of the first scan. Like Pillow, it steps
/// over anything between them that is no marker.
/// @return whether the first scan was reached
template <typename Use>
bool for_each_segment(Bytes bytes, Use use) {
    static constexpr int start_of_scan = 0xDA;
    for (std::size_t at = 2; at + 1 < bytes.size();) {
        const int code = std::to_integer<int>(bytes[at + 1]);
        if (bytes[at] != std::byte{0xFF} || code == 0xFF) {
            ++at;
            continue;
        }
        at += 2;
        if (!has_content(code)) {
            continue;
        }
        if (bytes.size() - at < 2) {
            return false;
        }
        const std::size_t length = std::max<std::size_t>(2, read_u16(bytes, at, ByteOrder::big));
        if (bytes.size() - at < length) {
            return false;
        }
        if (code == start_of_scan) {
            return true;
        }
        use(code, bytes.subspan(at + 2, length - 2));
        at += length;
    }
    return false;
}

PixelSize read_size(Bytes bytes) {
    if (!for_each_segment(bytes, [](int, Bytes) {})) {
        throw_undecodable(MediaType::jpeg, "cut short in front of the first scan");
    }
    const Decompressor jpeg(bytes);
    if (jpeg.components() != 1 && jpeg.components() != 3 && jpeg.components() != 4) {
        throw_undecodable(MediaType::jpeg,
                          std::to_string(jpeg.components()) + " colour components");
    }
    return jpeg.size();
}

std::vector<std::uint8_t> decode_rgb(Bytes bytes, PixelSize size) {
    Decompressor jpeg(bytes);
    std::vector<std::uint8_t> rgb(rgb_bytes(size));
    if (jpeg.components() == 3) {
        jpeg.read_rows(rgb.data(), rgb_row_bytes(size));
        return rgb;
    }
    const auto components = static_cast<std::size_t>(jpeg.components());
    const std::size_t pixels = rgb.size() / 3;
    std::vector<std::uint8_t> samples(pixels * components);
    jpeg.read_rows(samples.data(), static_cast<std::size_t>(size.width) * components);
    if (components == 4) {
        // Pillow takes every four-component JPEG for one that Adobe wrote, with inverted inks.
        for (std::size_t i = 0; i < pixels; ++i) {
            const std::uint8_t* const inks = samples.data() + i * 4;
            std::ranges::copy(
                cmyk_to_rgb(255 - inks[0], 255 - inks[1], 255 - inks[2], 255 - inks[3]),
                rgb.data() + i * 3);
        }
    } else {
        for (std::size_t i = 0; i < pixels; ++i) {
            std::fill_n(rgb.data() + i * 3, 3, samples[i]);
        }
    }
    return rgb;
}

/// What the segments APP1 hold.
struct Metadata {
    std::vector<std::byte> exif;  ///< May be spread over several segments.
    std::string_view xmp;
};

Metadata read_app1(Bytes bytes) {
    static constexpr int app1 = 0xE1;
    static constexpr std::string_view exif_name{"Exif\0\0", 6};
    static constexpr std::string_view xmp_name{"http://ns.adobe.com/xap/1.0/\0", 29};
    Metadata found;
    for_each_segment(bytes, [&](int code, Bytes content) {
        if (code != app1) {
            return;
        }
        const auto text = as_text(content);
        if (text.starts_with(exif_name)) {
            const Bytes more = found.exif.empty() ? content : content.subspan(exif_name.size());
            found.exif.insert(found.exif.end(), more.begin(), more.end());
        } else if (text.starts_with(xmp_name)) {
            found.xmp = text.substr(xmp_name.size());
        }
    });
    return found;
}

Bytes find_exif(Bytes bytes, std::vector<std::byte>& store) {
    store = read_app1(bytes).exif;
    return store;
}

int read_orientation(Bytes bytes) {
    const Metadata found = read_app1(bytes);
    return find_orientation(MediaType::jpeg, found.exif, found.xmp);
}

}  // namespace

const Format jpeg_format{MediaType::jpeg, has_signature,    read_size,
                         decode_rgb,      read_orientation, find_exif};

}  // namespace speciesnet
