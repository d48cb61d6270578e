// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace speciesnet {

/// x × y + z, rounded once, for finite numbers. Without the instruction it does not use std::fma(),
/// because fmaf() of mingw-w64 10 rounds twice, which changes the last bit of three random results
/// in ten.
inline float fused_multiply_add(float x, float y, float z) {
#if defined(__FMA__) || defined(__aarch64__)
    return std::fma(x, y, z);
#else
    // The product is exact. The sum is rounded to odd, so that rounding it again, to float, gives
    // what rounding once would (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums",
    // 2008).
    const double product = static_cast<double>(x) * y;
    const double sum = product + z;
    const double added = sum - product;
    const double error = (product - (sum - added)) + (z - added);
    auto bits = std::bit_cast<std::uint64_t>(sum);
    if (error != 0 && (bits & 1) == 0) {
        bits += (error > 0) == (sum > 0) ? 1 : std::uint64_t(-1);
    }
    return static_cast<float>(std::bit_cast<double>(bits));
#endif
}

}  // namespace speciesnet
