// SPDX-License-Identifier: Apache-2.0
// Plain loops that the compiler vectorises, compiled once for any machine and once for AVX2.
#include "unit_range.hpp"

#include <cstddef>

namespace speciesnet {
namespace {

[[gnu::always_inline]] inline void divide(const std::uint8_t* bytes, std::size_t count,
                                          float* values) {
    for (std::size_t i = 0; i < count; ++i) {
        values[i] = static_cast<float>(bytes[i]) / 255.0F;
    }
}

[[gnu::always_inline]] inline void divide_planes(const std::uint8_t* rgb, std::size_t pixels,
                                                 float* planes) {
    float* const red = planes;
    float* const green = planes + pixels;
    float* const blue = planes + 2 * pixels;
    for (std::size_t i = 0; i < pixels; ++i) {
        red[i] = static_cast<float>(rgb[3 * i]) / 255.0F;
        green[i] = static_cast<float>(rgb[3 * i + 1]) / 255.0F;
        blue[i] = static_cast<float>(rgb[3 * i + 2]) / 255.0F;
    }
}

void divide_portable(const std::uint8_t* bytes, std::size_t count, float* values) {
    divide(bytes, count, values);
}

void divide_planes_portable(const std::uint8_t* rgb, std::size_t pixels, float* planes) {
    divide_planes(rgb, pixels, planes);
}

#ifdef __x86_64__
[[gnu::target("avx2")]] void divide_avx2(const std::uint8_t* bytes, std::size_t count,
                                         float* values) {
    divide(bytes, count, values);
}

[[gnu::target("avx2")]] void divide_planes_avx2(const std::uint8_t* rgb, std::size_t pixels,
                                                float* planes) {
    divide_planes(rgb, pixels, planes);
}

bool has_avx2() {
    return __builtin_cpu_supports("avx2");
}
#else
constexpr auto divide_avx2 = divide_portable;
constexpr auto divide_planes_avx2 = divide_planes_portable;

bool has_avx2() {
    return false;
}
#endif

}  // namespace

void to_unit_range(std::span<const std::uint8_t> bytes, float* values) {
    (has_avx2() ? divide_avx2 : divide_portable)(bytes.data(), bytes.size(), values);
}

void to_unit_planes(std::span<const std::uint8_t> rgb, float* planes) {
    (has_avx2() ? divide_planes_avx2 : divide_planes_portable)(rgb.data(), rgb.size() / 3, planes);
}

}  // namespace speciesnet
