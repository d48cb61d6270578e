// SPDX-License-Identifier: Apache-2.0
// The Image value.
#include "speciesnet/image.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace speciesnet {

Image::Image(int width, int height, std::span<const std::uint8_t> rgb,
             std::shared_ptr<const void> owner)
    : width_(width), height_(height), rgb_(rgb), owner_(std::move(owner)) {}

Image Image::from_rgb(int width, int height, std::vector<std::uint8_t> rgb, bool truncated) {
    const auto owner = std::make_shared<const std::vector<std::uint8_t>>(std::move(rgb));
    Image image = share_rgb(width, height, *owner, owner);
    image.truncated_ = truncated;
    return image;
}

Image Image::share_rgb(int width, int height, std::span<const std::uint8_t> rgb,
                       std::shared_ptr<const void> owner) {
    if (width < 1 || height < 1 ||
        rgb.size() / 3 / static_cast<std::size_t>(width) != static_cast<std::size_t>(height) ||
        rgb.size() % (static_cast<std::size_t>(width) * 3) != 0) {
        throw InvalidArgument("an RGB image of " + std::to_string(width) + "x" +
                              std::to_string(height) + " pixels cannot have " +
                              std::to_string(rgb.size()) + " bytes");
    }
    return {width, height, rgb, std::move(owner)};
}

bool operator==(const Image& left, const Image& right) noexcept {
    return left.width_ == right.width_ && left.height_ == right.height_ &&
           std::equal(left.rgb_.begin(), left.rgb_.end(), right.rgb_.begin(), right.rgb_.end());
}

}  // namespace speciesnet
