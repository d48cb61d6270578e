// JPEG by libjpeg-turbo, with the settings and the tolerance that Pillow gives it: islow DCT, fancy
// upsampling, damaged files decoded as far as they go.
#include "byte_order.hpp"
#include "format.hpp"

#include <csetjmp>
#include <cstdio>

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
    if (info->is_decompressor &&
        reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > max_scans) {
        ERREXIT(info, JERR_BAD_PROGRESSION);
    }
}

/// A libjpeg decompressor over bytes in memory.
class Decompressor {
public:
    explicit Decompressor(Bytes bytes) {
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
        jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
        jpeg_read_header(&info_, TRUE);
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
            return;
        }
        info_.out_color_space = output_space();
        jpeg_start_decompress(&info_);
        while (info_.output_scanline < info_.output_height) {
            JSAMPROW row = rows + info_.output_scanline * row_bytes;
            jpeg_read_scanlines(&info_, &row, 1);
        }
    }

private:
    J_COLOR_SPACE output_space() const {
        return info_.num_components == 1   ? JCS_GRAYSCALE
               : info_.num_components == 3 ? JCS_RGB
                                           : JCS_CMYK;
    }

    jpeg_decompress_struct info_{};
    jpeg_progress_mgr progress_{};
    ErrorTrap trap_{};
};

bool has_signature(Bytes bytes) {
    return as_text(bytes).starts_with("\xFF\xD8\xFF");
}

PixelSize read_size(Bytes bytes) {
    const Decompressor jpeg(bytes);
    if (jpeg.components() != 1 && jpeg.components() != 3 && jpeg.components() != 4) {
        throw_undecodable(MediaType::jpeg,
                          std::to_string(jpeg.components()) + " colour components");
    }
    return jpeg.size();
}

/// (a·b + 128) / 255 rounded as Pillow does it.
int multiply_divide_255(int a, int b) {
    const int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
}

/// Pillow takes every four-component JPEG for one that Adobe wrote, with inverted inks: `inks` are
/// 255 − C, 255 − M, 255 − Y, 255 − K.
void cmyk_to_rgb(const std::uint8_t* inks, std::uint8_t* rgb, std::size_t pixels) {
    for (std::size_t i = 0; i < pixels; ++i, inks += 4, rgb += 3) {
        const int white = inks[3];
        for (int channel = 0; channel < 3; ++channel) {
            rgb[channel] = static_cast<std::uint8_t>(
                std::max(0, white - multiply_divide_255(255 - inks[channel], white)));
        }
    }
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
        cmyk_to_rgb(samples.data(), rgb.data(), pixels);
    } else {
        for (std::size_t i = 0; i < pixels; ++i) {
            std::fill_n(rgb.data() + i * 3, 3, samples[i]);
        }
    }
    return rgb;
}

/// Walks the segments in front of the first scan.
Metadata read_metadata(Bytes bytes) {
    static constexpr std::string_view exif_name{"Exif\0\0", 6};
    static constexpr std::string_view xmp_name{"http://ns.adobe.com/xap/1.0/\0", 29};
    static constexpr std::uint16_t app1 = 0xFFE1;
    static constexpr std::uint16_t start_of_scan = 0xFFDA;
    Metadata metadata;
    for (std::size_t at = 2; at + 4 <= bytes.size();) {
        const std::uint16_t marker = read_u16(bytes, at, ByteOrder::big);
        if (marker == start_of_scan) {
            break;
        }
        const std::size_t length = read_u16(bytes, at + 2, ByteOrder::big);
        if (marker < 0xFF00 || length < 2 || at + 2 + length > bytes.size()) {
            break;
        }
        const Bytes segment = bytes.subspan(at + 4, length - 2);
        if (marker == app1 && as_text(segment).starts_with(exif_name)) {
            const Bytes more = metadata.exif.empty() ? segment : segment.subspan(exif_name.size());
            metadata.exif.insert(metadata.exif.end(), more.begin(), more.end());
        } else if (marker == app1 && as_text(segment).starts_with(xmp_name)) {
            metadata.xmp = as_text(segment.subspan(xmp_name.size()));
        }
        at += 2 + length;
    }
    return metadata;
}

}  // namespace

const Format jpeg_format{MediaType::jpeg, has_signature, read_size, decode_rgb, read_metadata};

}  // namespace speciesnet
