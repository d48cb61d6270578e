// The Image value.
#include "speciesnet/image.hpp"

#include "speciesnet/error.hpp"

#include <string>
#include <utility>

namespace speciesnet {

Image::Image(int width, int height, std::vector<std::uint8_t> rgb)
    : width_(width),
      height_(height),
      rgb_(std::make_shared<const std::vector<std::uint8_t>>(std::move(rgb))) {}

Image Image::from_rgb(int width, int height, std::vector<std::uint8_t> rgb) {
    if (width < 1 || height < 1 ||
        rgb.size() / 3 / static_cast<std::size_t>(width) != static_cast<std::size_t>(height) ||
        rgb.size() % (static_cast<std::size_t>(width) * 3) != 0) {
        throw InvalidArgument("an RGB image of " + std::to_string(width) + "x" +
                              std::to_string(height) + " pixels cannot have " +
                              std::to_string(rgb.size()) + " bytes");
    }
    return {width, height, std::move(rgb)};
}

}  // namespace speciesnet
