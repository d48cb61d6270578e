// torchvision's crop, bilinear resize and convert_image_dtype on single-precision tensors.
#include "crop_resize.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace speciesnet {
namespace {

/// Share of the height that full_image models lose at most, and most pixels. Source: classifier.py,
/// SpeciesNetClassifier.MAX_CROP_RATIO and MAX_CROP_SIZE.
constexpr double max_crop_ratio = 0.3;
constexpr int max_crop_rows = 400;

/// Whole pixels; may lie partly or wholly beyond the picture.
struct PixelBox {
    int left;
    int top;
    int width;
    int height;
};

/// Between which two pixels of the crop an output pixel lies, and how near to each.
struct Tap {
    int first;
    int second;
    float first_weight;
    float second_weight;
};

std::array<Tap, crop_size> taps(int source) {
    const float scale = static_cast<float>(source) / crop_size;
    std::array<Tap, crop_size> result{};
    for (int i = 0; i < crop_size; ++i) {
        const float position = std::max(0.0F, std::fma(scale, static_cast<float>(i) + 0.5F, -0.5F));
        const int first = std::min(static_cast<int>(position), source - 1);
        const int second = std::min(first + 1, source - 1);
        const float second_weight = std::clamp(position - static_cast<float>(first), 0.0F, 1.0F);
        result[static_cast<std::size_t>(i)] = {first, second, 1.0F - second_weight, second_weight};
    }
    return result;
}

Crop resize(const Image& image, const PixelBox& box) {
    const auto columns = taps(box.width);
    const auto rows = taps(box.height);
    const auto value = [&](int x, int y, int c) {
        x += box.left;
        y += box.top;
        if (x < 0 || y < 0 || x >= image.width() || y >= image.height()) {
            return 0.0F;
        }
        const std::size_t at =
            (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width()) +
             static_cast<std::size_t>(x)) *
                3 +
            static_cast<std::size_t>(c);
        return static_cast<float>(image.pixels()[at]) / 255.0F;
    };
    Crop crop;
    crop.reserve(static_cast<std::size_t>(crop_size) * crop_size * 3);
    for (const Tap& row : rows) {
        for (const Tap& column : columns) {
            for (int c = 0; c < 3; ++c) {
                const float above =
                    std::fma(value(column.second, row.first, c), column.second_weight,
                             value(column.first, row.first, c) * column.first_weight);
                const float below =
                    std::fma(value(column.second, row.second, c), column.second_weight,
                             value(column.first, row.second, c) * column.first_weight);
                const float blend = std::fma(below, row.second_weight, above * row.first_weight);
                crop.push_back(static_cast<std::uint8_t>(blend * (256.0F - 1e-3F)));
            }
        }
    }
    return crop;
}

}  // namespace

std::optional<Crop> crop_resize(const Image& image, const BoundingBox& bbox) {
    const PixelBox box{static_cast<int>(bbox.xmin * image.width()),
                       static_cast<int>(bbox.ymin * image.height()),
                       static_cast<int>(bbox.width * image.width()),
                       static_cast<int>(bbox.height * image.height())};
    if (box.width < 1 || box.height < 1) {
        return std::nullopt;
    }
    return resize(image, box);
}

std::optional<Crop> crop_resize_full_image(const Image& image) {
    const int height = std::max(static_cast<int>(image.height() * (1.0 - max_crop_ratio)),
                                image.height() - max_crop_rows);
    if (height < 1) {
        return std::nullopt;
    }
    const int top = static_cast<int>(std::nearbyint((image.height() - height) / 2.0));
    return resize(image, {0, top, image.width(), height});
}

}  // namespace speciesnet
