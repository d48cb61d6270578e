// SPDX-License-Identifier: Apache-2.0
// Fuzzes decode() and read_metadata(). Input: an image file. Checks that an image that decodes
// passes validate(), has the size and at most the work that validate() announced, observes a stop
// request, and decodes to the same pixels again.
#include "speciesnet/image.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/metadata.hpp"

#include "fuzz/agreement.hpp"
#include "image/decode.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <stop_token>

namespace {

using namespace speciesnet;

/// Small limits, so that the fuzzer runs many inputs per second.
constexpr DecodeLimits limits{.max_bytes = 1U << 20U,
                              .max_pixels = 1U << 16U,
                              .max_work = 100'000'000,
                              .max_memory = 16U << 20U};

std::stop_token stopped() {
    std::stop_source source;
    source.request_stop();
    return source.get_token();
}

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
    read_metadata(bytes);
    const auto info = accepted([&] { return validate(bytes, std::nullopt, limits); });
    Budget budget(limits, {});
    const auto image = accepted([&] { return decode_within(bytes, budget); });
    fuzz::require(budget.spent() <= (info ? info->work : 0),
                  "decoding takes no more work than announced");
    if (!image) {
        return 0;
    }
    fuzz::require(info.has_value(), "an image that decodes passes validate()");
    fuzz::require(info->work <= limits.max_work && info->memory <= limits.max_memory,
                  "a valid image is within the limits of work and memory");
    bool is_stopped = false;
    try {
        decode(bytes, limits, stopped());
    } catch (const Cancelled&) {
        is_stopped = true;
    }
    fuzz::require(is_stopped, "decoding observes a stop request");
    fuzz::require(has_size(*image, *info), "an image has the announced size, possibly rotated");
    const auto pixels =
        static_cast<std::uint64_t>(image->width()) * static_cast<std::uint64_t>(image->height());
    fuzz::require(pixels <= limits.max_pixels, "an image is within the limit of pixels");
    fuzz::require(image->pixels().size() == 3 * pixels, "an image has three bytes per pixel");
    // libde265 leaves missing pixels of a damaged stream uninitialised and reports no error.
    fuzz::require(info->type == MediaType::heic ||
                      std::ranges::equal(image->pixels(), decode(bytes, limits).pixels()),
                  "decoding again gives the same pixels");
    return 0;
}
