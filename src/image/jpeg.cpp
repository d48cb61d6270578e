// SPDX-License-Identifier: Apache-2.0
// Decodes JPEG with libjpeg-turbo, with Pillow's settings and tolerance: islow DCT, fancy
// upsampling, and damaged files decoded as far as possible.
#include "colour.hpp"
#include "exif.hpp"
#include "format.hpp"
#include "jpeg_segments.hpp"

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <limits>
#include <new>
#include <span>
#include <string>
#include <vector>

// jpeglib.h needs FILE to be declared.
#include <jerror.h>
#include <jpeglib.h>

namespace speciesnet {
namespace {

/// libjpeg reports a fatal error through a call that must not return. The jump passes only C
/// frames: no object with a destructor is created between setjmp and longjmp.
struct ErrorTrap {
    jpeg_error_mgr base{};
    std::jmp_buf jump{};
    char message[JMSG_LENGTH_MAX] = "";
    bool ended_early = false;  ///< Whether the image ended before its data did.
    bool out_of_memory =
        false;  ///< Whether libjpeg stopped for lack of memory, not because of the file.

    void throw_if_out_of_memory() const {
        if (out_of_memory) {
            throw std::bad_alloc();
        }
    }
};

void trap_error(j_common_ptr info) {
    auto* const trap = reinterpret_cast<ErrorTrap*>(info->err);
    trap->out_of_memory = info->err->msg_code == JERR_OUT_OF_MEMORY;
    info->err->format_message(info, trap->message);
    std::longjmp(trap->jump, 1);
}

void note_warning(j_common_ptr info, int level) {
    auto* const trap = reinterpret_cast<ErrorTrap*>(info->err);
    // libjpeg gives the same warning for a restart marker that comes too early, but then continues.
    if (level < 0 && info->err->msg_code == JWRN_HIT_MARKER &&
        reinterpret_cast<j_decompress_ptr>(info)->unread_marker == JPEG_EOI) {
        trap->ended_early = true;
    }
}

/// Gives libjpeg the bytes of a file and then, once, the end-of-image marker that a truncated file
/// lacks. As with Pillow, decoding stops if it needs more input after that.
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

    /// Returns whether all bytes have been consumed.
    bool ended() const { return ended_; }

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

/// Counts the scans of an image whose coefficients are buffered, while libjpeg reads them.
struct ScanCounter : jpeg_progress_mgr {
    Budget* budget = nullptr;
    std::uint64_t visit_work = 0;
    std::uint64_t row_work = 0;  ///< Of a row of blocks as high as the largest in the frame.
    int scan = 0;

    /// Called before each such row, and once more after the last row of a scan.
    static void count(j_common_ptr common) {
        auto* const info = reinterpret_cast<j_decompress_ptr>(common);
        auto& counter = static_cast<ScanCounter&>(*common->progress);
        if (info->input_iMCU_row >= info->total_iMCU_rows) {
            return;
        }
        std::uint64_t work = 0;
        if (info->input_scan_number != counter.scan) {
            counter.scan = info->input_scan_number;
            counter.row_work = blocks_of_row(*info) * counter.visit_work;
            work += JpegScans::scan_work;
        }
        if (!counter.budget->may_spend(work + counter.row_work)) {
            ERREXIT(common, JERR_CANT_SUSPEND);
        }
    }

private:
    static std::uint64_t blocks_of_row(const jpeg_decompress_struct& info) {
        const int rows = info.comps_in_scan == 1 ? info.cur_comp_info[0]->v_samp_factor : 1;
        return std::uint64_t{info.MCUs_per_row} * static_cast<std::uint64_t>(info.blocks_in_MCU) *
               static_cast<std::uint64_t>(rows);
    }
};

/// A libjpeg decompressor that reads from memory.
class Decompressor {
public:
    explicit Decompressor(Bytes bytes) : source_(bytes) {
        info_.err = jpeg_std_error(&trap_.base);
        trap_.base.error_exit = trap_error;
        trap_.base.emit_message = note_warning;
        if (setjmp(trap_.jump) != 0) {
            jpeg_destroy_decompress(&info_);
            trap_.throw_if_out_of_memory();
            throw_undecodable(MediaType::jpeg, trap_.message);
        }
        jpeg_create_decompress(&info_);
        info_.src = &source_;
        if (jpeg_read_header(&info_, TRUE) != JPEG_HEADER_OK) {
            jpeg_destroy_decompress(&info_);
            throw_undecodable(MediaType::jpeg, "truncated in the header");
        }
    }
    ~Decompressor() { jpeg_destroy_decompress(&info_); }
    Decompressor(const Decompressor&) = delete;
    Decompressor& operator=(const Decompressor&) = delete;

    int components() const { return info_.num_components; }
    PixelSize size() const {
        return {static_cast<int>(info_.image_width), static_cast<int>(info_.image_height)};
    }

    /// Decodes each row into `place(y)` and calls `use(y)` for it. Stops where libjpeg gives up.
    /// @return whether the data was complete
    template <typename Place, typename Use>
    bool read_rows(Budget& budget, const JpegScans& scans, Place place, Use use) {
        if (setjmp(trap_.jump) != 0) {
            budget.throw_if_over();
            trap_.throw_if_out_of_memory();
            return false;
        }
        info_.out_color_space = output_space();
        info_.mem->max_memory_to_use = static_cast<long>(
            std::min<std::uint64_t>(budget.limits().max_memory, std::numeric_limits<long>::max()));
        counter_.progress_monitor = ScanCounter::count;
        counter_.budget = &budget;
        counter_.visit_work = scans.visit_work();
        info_.progress = &counter_;
        if (jpeg_start_decompress(&info_) == FALSE) {
            budget.throw_if_over();
            return false;
        }
        info_.progress = nullptr;
        while (info_.output_scanline < info_.output_height) {
            const std::size_t y = info_.output_scanline;
            JSAMPROW row = place(y);
            if (!budget.may_spend(scans.draw_work() / info_.output_height)) {
                budget.throw_if_over();
            }
            if (jpeg_read_scanlines(&info_, &row, 1) == 0) {
                return false;
            }
            use(y);
        }
        const bool needs_end = scans.buffered || scans.arithmetic;
        return !trap_.ended_early && !(needs_end && source_.ended());
    }

private:
    J_COLOR_SPACE output_space() const {
        return info_.num_components == 1   ? JCS_GRAYSCALE
               : info_.num_components == 3 ? JCS_RGB
                                           : JCS_CMYK;
    }

    Source source_;
    jpeg_decompress_struct info_{};
    ScanCounter counter_{};
    ErrorTrap trap_{};
};

bool has_signature(Bytes bytes) {
    return as_text(bytes).starts_with("\xFF\xD8\xFF");
}

/// Work of converting a pixel of four inks.
constexpr std::uint64_t ink_work = 15;

Header read_header(Bytes bytes) {
    JpegSegments segments(bytes);
    auto segment = segments.next();
    while (segment && segment->code != JpegSegment::start_of_scan) {
        segment = segments.next();
    }
    if (!segment) {
        throw_undecodable(MediaType::jpeg, "truncated before the first scan");
    }
    const Decompressor jpeg(bytes);
    if (jpeg.components() != 1 && jpeg.components() != 3 && jpeg.components() != 4) {
        throw_undecodable(MediaType::jpeg,
                          std::to_string(jpeg.components()) + " colour components");
    }
    const PixelSize size = jpeg.size();
    Cost cost = count_scans(bytes).cost(bytes);
    cost.memory += rgb_bytes(size);
    cost.work += jpeg.components() == 4 ? rgb_bytes(size) / 3 * ink_work : 0;
    return {size, cost};
}

/// Converts a row of one or four samples a pixel to colours.
void unpack_row(std::span<const std::uint8_t> samples, std::span<std::uint8_t> rgb) {
    const std::size_t pixels = rgb.size() / 3;
    if (samples.size() == pixels) {
        for (std::size_t x = 0; x < pixels; ++x) {
            std::fill_n(rgb.data() + x * 3, 3, samples[x]);
        }
        return;
    }
    // Pillow treats each four-component JPEG as written by Adobe, with inverted inks.
    for (std::size_t x = 0; x < pixels; ++x) {
        const std::uint8_t* const inks = samples.data() + x * 4;
        std::ranges::copy(cmyk_to_rgb(255 - inks[0], 255 - inks[1], 255 - inks[2], 255 - inks[3]),
                          rgb.data() + x * 3);
    }
}

Pixels decode_rgb(Bytes bytes, PixelSize size, Budget& budget) {
    const JpegScans scans = count_scans(bytes);
    Decompressor jpeg(bytes);
    const auto components = static_cast<std::size_t>(jpeg.components());
    const bool is_rgb = components == 3;
    std::vector<std::uint8_t> samples(is_rgb ? 0
                                             : static_cast<std::size_t>(size.width) * components);
    Pixels pixels{.rgb = std::vector<std::uint8_t>(rgb_bytes(size))};
    const auto row = [&](std::size_t y) {
        return std::span(pixels.rgb).subspan(y * rgb_row_bytes(size), rgb_row_bytes(size));
    };
    const bool is_whole = jpeg.read_rows(
        budget, scans, [&](std::size_t y) { return is_rgb ? row(y).data() : samples.data(); },
        [&](std::size_t y) {
            if (components == 4) {
                budget.spend(static_cast<std::uint64_t>(size.width) * ink_work);
            }
            if (!is_rgb) {
                unpack_row(samples, row(y));
            }
        });
    pixels.truncated = !is_whole;
    return pixels;
}

/// The contents of the APP1 segments.
struct Metadata {
    std::vector<std::byte> exif;  ///< May be spread over several segments.
    std::string_view xmp;
};

Metadata read_app1(Bytes bytes) {
    static constexpr int app1 = 0xE1;
    static constexpr std::string_view exif_name{"Exif\0\0", 6};
    static constexpr std::string_view xmp_name{"http://ns.adobe.com/xap/1.0/\0", 29};
    Metadata found;
    JpegSegments segments(bytes);
    for (auto segment = segments.next(); segment && segment->code != JpegSegment::start_of_scan;
         segment = segments.next()) {
        const Bytes content = segment->content;
        const auto text = as_text(content);
        if (segment->code == app1 && text.starts_with(exif_name)) {
            const Bytes more = found.exif.empty() ? content : content.subspan(exif_name.size());
            found.exif.insert(found.exif.end(), more.begin(), more.end());
        } else if (segment->code == app1 && text.starts_with(xmp_name)) {
            found.xmp = text.substr(xmp_name.size());
        }
    }
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

const Format jpeg_format{MediaType::jpeg, has_signature,    read_header,
                         decode_rgb,      read_orientation, find_exif};

}  // namespace speciesnet
