// SPDX-License-Identifier: Apache-2.0
// Reads one floating-point element of a tensor as float32.
#pragma once

#include "graph/tensor.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace speciesnet::graph {

/// Exact, because float32 can represent every float16 value.
inline float from_float16(std::uint16_t bits) {
    constexpr std::uint32_t infinite = 0x1fU;
    constexpr std::uint32_t bias = 127 - 15;
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000U) << 16U;
    const std::uint32_t exponent = (bits >> 10U) & infinite;
    const std::uint32_t fraction = bits & 0x3ffU;
    if (exponent == 0) {
        const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
        return sign != 0 ? -magnitude : magnitude;
    }
    const std::uint32_t wide = exponent == infinite ? 0xffU : exponent + bias;
    return std::bit_cast<float>(sign | (wide << 23U) | (fraction << 13U));
}

/// Rounds float64 to float32; the other types are exact. Inline, because packing calls it for each
/// weight.
/// @param type  a floating-point type
/// @param bytes size of the type; may be unaligned
inline float read_float(ElementType type, const char* bytes) {
    const auto read = [bytes](auto value) {
        std::memcpy(&value, bytes, sizeof value);
        return value;
    };
    switch (type) {
        case ElementType::float16:
            return from_float16(read(std::uint16_t{}));
        case ElementType::bfloat16:
            return std::bit_cast<float>(std::uint32_t{read(std::uint16_t{})} << 16U);
        case ElementType::float64:
            return static_cast<float>(read(double{}));
        default:
            return read(float{});
    }
}

}  // namespace speciesnet::graph
