// SPDX-License-Identifier: Apache-2.0
// Encodes with libjpeg-turbo into memory.
#include "jpeg_writer.hpp"

#include "speciesnet/error.hpp"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <utility>

#include <jpeglib.h>

namespace speciesnet::cli {
namespace {

/// libjpeg reports errors with a function that must not return; exceptions must not pass its
/// frames.
struct Failure {
    jpeg_error_mgr manager;  // first member: libjpeg knows only this
    std::jmp_buf back;
};

extern "C" void leave(j_common_ptr info) {
    std::longjmp(reinterpret_cast<Failure*>(info->err)->back, 1);
}

extern "C" void stay_silent(j_common_ptr /*info*/) {}

/// The buffer that libjpeg allocates.
struct Encoded {
    unsigned char* bytes = nullptr;
    unsigned long size = 0;

    Encoded() = default;
    Encoded(const Encoded&) = delete;
    Encoded& operator=(const Encoded&) = delete;
    ~Encoded() { std::free(bytes); }
};

void compress(jpeg_compress_struct& compressor, const Canvas& picture, int quality,
              const std::string& comment) {
    compressor.image_width = static_cast<JDIMENSION>(picture.width());
    compressor.image_height = static_cast<JDIMENSION>(picture.height());
    compressor.input_components = 3;
    compressor.in_color_space = JCS_RGB;
    jpeg_set_defaults(&compressor);
    jpeg_set_quality(&compressor, quality, TRUE);
    // Full colour resolution: with half of it, the edges of coloured labels blur.
    compressor.comp_info[0].h_samp_factor = 1;
    compressor.comp_info[0].v_samp_factor = 1;
    jpeg_start_compress(&compressor, TRUE);
    jpeg_write_marker(&compressor, JPEG_COM, reinterpret_cast<const JOCTET*>(comment.data()),
                      static_cast<unsigned>(comment.size()));
    while (compressor.next_scanline < compressor.image_height) {
        const auto row = picture.row(static_cast<int>(compressor.next_scanline));
        auto* line = const_cast<JSAMPROW>(row.data());  // libjpeg only reads it
        jpeg_write_scanlines(&compressor, &line, 1);
    }
    jpeg_finish_compress(&compressor);
}

/// @return false if there is not enough memory, the only possible error
bool encode(const Canvas& picture, int quality, const std::string& comment, Encoded& encoded) {
    Failure failure{};
    jpeg_compress_struct compressor{};
    compressor.err = jpeg_std_error(&failure.manager);
    failure.manager.error_exit = leave;
    failure.manager.output_message = stay_silent;
    const bool failed = setjmp(failure.back) != 0;
    if (!failed) {
        jpeg_create_compress(&compressor);
        jpeg_mem_dest(&compressor, &encoded.bytes, &encoded.size);
        compress(compressor, picture, quality, comment);
    }
    jpeg_destroy_compress(&compressor);
    return !failed;
}

}  // namespace

std::string encode_jpeg(const Canvas& picture, int quality, const std::string& comment) {
    if (picture.width() > JPEG_MAX_DIMENSION || picture.height() > JPEG_MAX_DIMENSION) {
        throw InvalidArgument("a JPEG file holds at most " + std::to_string(JPEG_MAX_DIMENSION) +
                              " pixels per side; make the copy smaller");
    }
    Encoded encoded;
    if (!encode(picture, quality, comment, encoded)) {
        throw std::bad_alloc();
    }
    return {reinterpret_cast<const char*>(encoded.bytes), encoded.size};
}

}  // namespace speciesnet::cli
