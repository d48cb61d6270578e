// SPDX-License-Identifier: Apache-2.0
// Creates images by decoding, or from the caller's pixels.
#include "capi/image.hpp"

#include "speciesnet/utf8_path.hpp"

#include "capi/option_structs.hpp"
#include "capi/status.hpp"
#include "capi/values.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

using namespace speciesnet;
using namespace speciesnet::capi;

namespace {

constexpr std::size_t channels = 3;
/// Maximum size of an object in bytes.
constexpr auto most_bytes = static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max());

/// Copies `height` rows without the padding between them.
std::vector<std::uint8_t> packed_rows(const std::uint8_t* pixels, int width, int height,
                                      std::size_t stride) {
    const auto row = static_cast<std::size_t>(width) * channels;
    std::vector<std::uint8_t> packed(row * static_cast<std::size_t>(height));
    auto* target = packed.data();
    for (int y = 0; y < height; ++y, pixels += stride, target += row) {
        std::copy_n(pixels, row, target);
    }
    return packed;
}

/// Returns an owner that releases lent pixels; null if they are copied.
std::shared_ptr<const void> lend(const void* pixels, speciesnet_release_callback release,
                                 void* user_data) {
    if (release == nullptr) {
        return nullptr;
    }
    return {pixels, [=](const void*) { release(user_data); }};
}

}  // namespace

speciesnet_status speciesnet_image_decode(const void* bytes, size_t length,
                                          const char* declared_type,
                                          const speciesnet_decode_limits* limits,
                                          speciesnet_image** image, speciesnet_error* error) {
    return guard(image, error, [&] {
        const std::span content(static_cast<const std::byte*>(require(bytes, "bytes")), length);
        return std::make_unique<speciesnet_image>(
            decode(content, to_declared(declared_type), to_cpp(complete(limits))));
    });
}

speciesnet_status speciesnet_image_decode_file(const char* path,
                                               const speciesnet_decode_limits* limits,
                                               speciesnet_image** image, speciesnet_error* error) {
    return guard(image, error, [&] {
        return std::make_unique<speciesnet_image>(
            decode_file(utf8_path(require_text(path, "path")), to_cpp(complete(limits))));
    });
}

speciesnet_status speciesnet_image_from_rgb(const void* pixels, int32_t width, int32_t height,
                                            size_t stride, speciesnet_release_callback release,
                                            void* user_data, speciesnet_image** image,
                                            speciesnet_error* error) {
    return guard(error, [&] {
        // Must come first, so that the pixels are released on every exit.
        const auto lent = lend(pixels, release, user_data);
        *require(image, "image") = nullptr;
        const auto* rows = static_cast<const std::uint8_t*>(require(pixels, "pixels"));
        if (width < 1 || height < 1 || stride / channels < static_cast<std::size_t>(width)) {
            throw InvalidArgument(
                "an image needs width and height of at least 1 and a stride of at least 3 · width");
        }
        if (stride > most_bytes / static_cast<std::size_t>(height)) {
            throw InvalidArgument("an image of " + std::to_string(height) + " rows of " +
                                  std::to_string(stride) + " bytes does not fit into memory");
        }
        const auto row = static_cast<std::size_t>(width) * channels;
        auto made = std::make_unique<speciesnet_image>(
            lent != nullptr && stride == row
                ? Image::share_rgb(width, height, {rows, row * static_cast<std::size_t>(height)},
                                   lent)
                : Image::from_rgb(width, height, packed_rows(rows, width, height, stride)));
        *image = made.release();
    });
}

int32_t speciesnet_image_width(const speciesnet_image* image) {
    return image == nullptr ? 0 : image->value.width();
}

int32_t speciesnet_image_height(const speciesnet_image* image) {
    return image == nullptr ? 0 : image->value.height();
}

int32_t speciesnet_image_truncated(const speciesnet_image* image) {
    return image != nullptr && image->value.truncated() ? 1 : 0;
}

const uint8_t* speciesnet_image_pixels(const speciesnet_image* image) {
    return image == nullptr ? nullptr : image->value.pixels().data();
}

void speciesnet_image_free(speciesnet_image* image) {
    delete image;
}
