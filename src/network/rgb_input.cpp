// SPDX-License-Identifier: Apache-2.0
// Uses a plain loop, compiled both for any CPU and for AVX2.
#include "network/rgb_input.hpp"

#include <cstddef>
#include <utility>

namespace speciesnet {
namespace {

constexpr std::size_t rgb_channels = 3;

[[gnu::always_inline]] inline void divide(const std::uint8_t* bytes, std::size_t count,
                                          float* values) {
    for (std::size_t i = 0; i < count; ++i) {
        values[i] = static_cast<float>(bytes[i]) / 255.0F;
    }
}

void divide_portable(const std::uint8_t* bytes, std::size_t count, float* values) {
    divide(bytes, count, values);
}

#ifdef __x86_64__
[[gnu::target("avx2")]] void divide_avx2(const std::uint8_t* bytes, std::size_t count,
                                         float* values) {
    divide(bytes, count, values);
}

bool has_avx2() {
    return __builtin_cpu_supports("avx2");
}
#else
constexpr auto divide_avx2 = divide_portable;

bool has_avx2() {
    return false;
}
#endif

}  // namespace

void to_unit_range(std::span<const std::uint8_t> bytes, float* values) {
    (has_avx2() ? divide_avx2 : divide_portable)(bytes.data(), bytes.size(), values);
}

executor::InputPictures rgb_input(std::vector<std::span<const std::uint8_t>> pictures, int width,
                                  int height) {
    const executor::PictureSize size{.images = pictures.size(),
                                     .height = static_cast<std::size_t>(height),
                                     .width = static_cast<std::size_t>(width),
                                     .channels = rgb_channels};
    const std::size_t row_bytes = size.width * rgb_channels;
    return {.size = size,
            .write_row = [row_bytes, pictures = std::move(pictures)](
                             std::size_t image, std::size_t row, float* pixels) {
                to_unit_range(pictures[image].subspan(row * row_bytes, row_bytes), pixels);
            }};
}

}  // namespace speciesnet
