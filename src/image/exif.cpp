// SPDX-License-Identifier: Apache-2.0
// Finds and applies the EXIF orientation as Pillow's ImageOps.exif_transpose() does.
#include "exif.hpp"

#include "exif_directory.hpp"

#include <algorithm>
#include <optional>

namespace speciesnet {
namespace {

constexpr std::uint16_t orientation_tag = 0x0112;

/// Returns the orientation in the first directory of a TIFF structure; nothing if it has none. 0
/// represents a value that is not a number.
std::optional<double> orientation_in_exif(MediaType media_type, Bytes exif) {
    if (without_exif_prefix(exif).empty()) {
        return std::nullopt;
    }
    const auto block = ExifBlock::open(exif);
    if (!block) {
        throw_undecodable(media_type, "the EXIF block is invalid");
    }
    std::optional<double> orientation;
    block->for_each_field(block->first_directory(), [&](const ExifField& field) {
        if (field.tag == orientation_tag) {
            orientation = field.number().value_or(0);
        }
        return !orientation;
    });
    return orientation;
}

/// Returns the digit after `tiff:Orientation="` or `tiff:Orientation>`.
std::optional<double> orientation_in_xmp(std::string_view xmp) {
    static constexpr std::string_view name = "tiff:Orientation";
    for (std::size_t at = xmp.find(name); at != std::string_view::npos; at = xmp.find(name, at)) {
        at += name.size();
        std::string_view rest = xmp.substr(at);
        if (rest.starts_with("=\"")) {
            rest.remove_prefix(2);
        } else if (rest.starts_with(">")) {
            rest.remove_prefix(1);
        } else {
            continue;
        }
        if (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') {
            return rest[0] - '0';
        }
    }
    return std::nullopt;
}

}  // namespace

int find_orientation(MediaType type, Bytes exif, std::string_view xmp) {
    std::optional<double> value = orientation_in_exif(type, exif);
    if (!value) {
        value = orientation_in_xmp(xmp);
    }
    for (int known = 2; known <= 8; ++known) {
        if (value == known) {
            return known;
        }
    }
    return 1;
}

Cost turning_cost(PixelSize size) {
    static constexpr std::uint64_t pixel_work = 4;
    const std::uint64_t bytes = rgb_bytes(size);
    return {.work = bytes / 3 * pixel_work, .memory = 2 * bytes};
}

std::vector<std::uint8_t> upright(std::vector<std::uint8_t> rgb, PixelSize& size, int orientation) {
    if (orientation == 1) {
        return rgb;
    }
    // The source position of the first pixel, and its steps along a row and from row to row.
    const bool transposed = orientation >= 5;
    const bool from_right =
        orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const bool from_bottom =
        orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    const auto row = static_cast<std::ptrdiff_t>(rgb_row_bytes(size));
    const std::ptrdiff_t along_x = from_right ? -3 : 3;
    const std::ptrdiff_t along_y = from_bottom ? -row : row;
    const std::ptrdiff_t first =
        (from_right ? row - 3 : 0) + (from_bottom ? row * (size.height - 1) : 0);
    if (transposed) {
        std::swap(size.width, size.height);
    }
    const std::ptrdiff_t step = transposed ? along_y : along_x;
    const std::ptrdiff_t row_step = transposed ? along_x : along_y;
    std::vector<std::uint8_t> turned(rgb.size());
    // Works in squares, so that vertically adjacent source pixels stay in the cache.
    static constexpr int side = 64;
    for (int top = 0; top < size.height; top += side) {
        const int bottom = std::min(size.height, top + side);
        for (int left = 0; left < size.width; left += side) {
            const int right = std::min(size.width, left + side);
            for (std::ptrdiff_t y = top; y < bottom; ++y) {
                const std::uint8_t* from = rgb.data() + first + y * row_step + left * step;
                std::uint8_t* to =
                    turned.data() + y * static_cast<std::ptrdiff_t>(rgb_row_bytes(size)) + left * 3;
                for (int x = left; x < right; ++x, from += step, to += 3) {
                    std::copy_n(from, 3, to);
                }
            }
        }
    }
    return turned;
}

}  // namespace speciesnet
