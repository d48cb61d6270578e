// SPDX-License-Identifier: Apache-2.0
// Selects the part of the photo to classify.
#include "crop_resize.hpp"

#include "speciesnet/error.hpp"

#include "resize_float.hpp"

#include <algorithm>
#include <cmath>

namespace speciesnet {
namespace {

/// The maximum height that full_image models lose: a ratio, and a number of rows. Source:
/// classifier.py, SpeciesNetClassifier.MAX_CROP_RATIO and MAX_CROP_SIZE.
constexpr double max_crop_ratio = 0.3;
constexpr int max_crop_rows = 400;

/// Returns a relative length in whole pixels, truncated.
int whole_pixels(double relative, int size) {
    // Far larger than any photo, but the sum of two such lengths still fits into an int.
    static constexpr double farthest = 1 << 30;
    const double pixels = relative * size;
    if (!(std::abs(pixels) < farthest)) {
        throw InvalidArgument("the bounding box is too far outside the image");
    }
    return static_cast<int>(pixels);
}

}  // namespace

std::optional<Crop> crop_resize(const Image& image, const BoundingBox& bbox) {
    const PixelRegion box{
        whole_pixels(bbox.xmin, image.width()), whole_pixels(bbox.ymin, image.height()),
        whole_pixels(bbox.width, image.width()), whole_pixels(bbox.height, image.height())};
    if (box.width < 1 || box.height < 1) {
        return std::nullopt;
    }
    return resize_float(image, box, crop_size);
}

std::optional<Crop> crop_resize_full_image(const Image& image) {
    const int height = std::max(static_cast<int>(image.height() * (1.0 - max_crop_ratio)),
                                image.height() - max_crop_rows);
    if (height < 1) {
        return std::nullopt;
    }
    // As torchvision's center_crop(): rounds half to even.
    const int top = static_cast<int>(std::nearbyint((image.height() - height) / 2.0));
    return resize_float(image, {0, top, image.width(), height}, crop_size);
}

}  // namespace speciesnet
