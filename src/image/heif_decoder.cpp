// SPDX-License-Identifier: Apache-2.0
// Decodes HEIC and AVIF with libheif, which also applies the container's rotation and mirroring.
#include "heif_decoder.hpp"

#include "heif_file.hpp"

#include <algorithm>
#include <memory>
#include <new>

#include <libheif/heif.h>

namespace speciesnet {
namespace {

template <typename T, void (*Release)(T*)>
struct Releaser {
    void operator()(T* held) const { Release(held); }
};
using Context = std::unique_ptr<heif_context, Releaser<heif_context, heif_context_free>>;
using Handle = std::unique_ptr<heif_image_handle,
                               Releaser<const heif_image_handle, heif_image_handle_release>>;
using Picture = std::unique_ptr<heif_image, Releaser<const heif_image, heif_image_release>>;
using Options = std::unique_ptr<heif_decoding_options,
                                Releaser<heif_decoding_options, heif_decoding_options_free>>;

void require_success(MediaType type, const heif_error& error) {
    if (error.code == heif_error_Memory_allocation_error &&
        error.subcode != heif_suberror_Security_limit_exceeded) {
        throw std::bad_alloc();
    }
    if (error.code != heif_error_Ok) {
        throw_undecodable(type, error.message);
    }
}

/// The primary image of a file, which must outlive it.
class PrimaryImage {
public:
    PrimaryImage(Bytes file, MediaType type) : type_(type), context_(heif_context_alloc()) {
        if (!context_) {
            throw std::bad_alloc();
        }
        // Decodes tiles one after the other, on this thread.
        heif_context_set_max_decoding_threads(context_.get(), 0);
        require_success(type_, heif_context_read_from_memory_without_copy(
                                   context_.get(), file.data(), file.size(), nullptr));
        heif_image_handle* handle = nullptr;
        require_success(type_, heif_context_get_primary_image_handle(context_.get(), &handle));
        handle_.reset(handle);
    }

    /// Returns the size after cropping and rotation.
    PixelSize size() const {
        return {std::max(0, heif_image_handle_get_width(handle_.get())),
                std::max(0, heif_image_handle_get_height(handle_.get()))};
    }

    Picture decode() const {
        const Options options(heif_decoding_options_alloc());
        if (!options) {
            throw std::bad_alloc();
        }
        options->convert_hdr_to_8bit = 1;
        // Strict decoding refuses the same files, but then libheif 1.15 leaks the image.
        options->strict_decoding = 0;
        heif_image* picture = nullptr;
        require_success(type_, heif_decode_image(handle_.get(), &picture, heif_colorspace_RGB,
                                                 heif_chroma_interleaved_RGB, options.get()));
        Picture decoded(picture);
        heif_error warning{};
        if (heif_image_get_decoding_warnings(picture, 0, &warning, 1) > 0) {
            throw_undecodable(type_, "damaged body");
        }
        return decoded;
    }

private:
    MediaType type_;
    Context context_;
    Handle handle_;
};

}  // namespace

Header read_heif_header(Bytes file, MediaType type) {
    static constexpr std::uint64_t byte_work = 200;
    static constexpr std::uint64_t coded_pixel_work = 30;
    static constexpr std::uint64_t pixel_work = 15;
    // Planes of up to three samples of two bytes. libheif holds two copies while it converts them.
    static constexpr std::uint64_t pixel_memory = 12;
    const HeifDecoding decoding = HeifFile(file, type).decoding();
    const PixelSize size = PrimaryImage(file, type).size();
    const std::uint64_t pixels = std::max(rgb_bytes(size) / 3, decoding.canvas_pixels);
    return {size,
            {.work = file.size() * byte_work + decoding.passed_pixels * coded_pixel_work +
                     pixels * pixel_work,
             .memory = (decoding.held_pixels + pixels) * pixel_memory + rgb_bytes(size)}};
}

Pixels decode_heif(Bytes file, MediaType type, PixelSize size, Budget& budget) {
    budget.spend(read_heif_header(file, type).cost.work);
    const Picture picture = PrimaryImage(file, type).decode();
    budget.spend(0);
    int stride = 0;
    const std::uint8_t* const rows =
        heif_image_get_plane_readonly(picture.get(), heif_channel_interleaved, &stride);
    const PixelSize decoded{heif_image_get_width(picture.get(), heif_channel_interleaved),
                            heif_image_get_height(picture.get(), heif_channel_interleaved)};
    if (rows == nullptr || decoded != size) {
        throw_undecodable(type, "the image differs in size from its header");
    }
    Pixels pixels{.rgb = std::vector<std::uint8_t>(rgb_bytes(size))};
    for (int y = 0; y < size.height; ++y) {
        std::copy_n(rows + static_cast<std::ptrdiff_t>(y) * stride, rgb_row_bytes(size),
                    pixels.rgb.data() + static_cast<std::size_t>(y) * rgb_row_bytes(size));
    }
    return pixels;
}

// libheif may lack a decoder, or load it from a separate package.
bool has_heif_decoder(MediaType type) {
    return heif_have_decoder_for_format(type == MediaType::avif ? heif_compression_AV1
                                                                : heif_compression_HEVC) != 0;
}

}  // namespace speciesnet
