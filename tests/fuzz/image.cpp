// Any bytes as a picture: what decodes is valid and has the size that validate() found, and decodes
// to the same pixels again.
#include "speciesnet/image.hpp"

#include "speciesnet/error.hpp"

#include "fuzz/agreement.hpp"

#include <algorithm>
#include <optional>
#include <span>

namespace {

using namespace speciesnet;

/// Small, for many inputs a second.
constexpr DecodeLimits limits{.max_bytes = 1U << 20U, .max_pixels = 1U << 16U};

template <typename Read>
auto accepted(Read read) -> std::optional<decltype(read())> {
    try {
        return read();
    } catch (const InvalidImage&) {
        return std::nullopt;
    }
}

bool has_size(const Image& image, const MediaInfo& info) {
    return (image.width() == info.width && image.height() == info.height) ||
           (image.width() == info.height && image.height() == info.width);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto image = accepted([&] { return decode(bytes, limits); });
    if (!image) {
        return 0;
    }
    const auto info = accepted([&] { return validate(bytes, std::nullopt, limits); });
    fuzz::require(info.has_value(), "what decodes is valid");
    fuzz::require(has_size(*image, *info), "a picture has the size of its header, upright");
    const auto pixels =
        static_cast<std::uint64_t>(image->width()) * static_cast<std::uint64_t>(image->height());
    fuzz::require(pixels <= limits.max_pixels, "a picture is within the limits");
    fuzz::require(image->pixels().size() == 3 * pixels, "a picture has all its pixels");
    fuzz::require(std::ranges::equal(image->pixels(), decode(bytes, limits).pixels()),
                  "decoding again gives the same pixels");
    return 0;
}
