// SPDX-License-Identifier: Apache-2.0
// Reads integers of any number of bits, the most significant bit first, for headers of video
// codecs.
#pragma once

#include "format.hpp"

#include <cstddef>
#include <cstdint>

namespace speciesnet {

class BitReader {
public:
    explicit BitReader(Bytes bytes) : bytes_(bytes) {}

    /// Returns the next `count` ≤ 64 bits; zeros beyond the end.
    std::uint64_t bits(int count) {
        std::uint64_t value = 0;
        for (int i = 0; i < count; ++i) {
            value = value << 1 | bit();
        }
        return value;
    }

    bool flag() { return bit() != 0; }

    void skip(std::size_t count) { at_ += count; }

    /// Reads an Exp-Golomb code, ue(v) of HEVC and uvlc() of AV1: n zeros, a one, then n bits.
    std::uint64_t exp_golomb() {
        int zeros = 0;
        while (!is_over() && !flag()) {
            ++zeros;
        }
        return zeros < 32 ? (std::uint64_t{1} << zeros) - 1 + bits(zeros) : UINT32_MAX;
    }

    /// Returns whether more bits were read than there are.
    bool is_over() const { return at_ > bytes_.size() * 8; }

private:
    std::uint64_t bit() {
        const std::size_t byte = at_ / 8;
        const auto shift = 7 - at_ % 8;
        ++at_;
        return byte < bytes_.size() ? std::to_integer<std::uint64_t>(bytes_[byte]) >> shift & 1 : 0;
    }

    Bytes bytes_;
    std::size_t at_ = 0;  ///< In bits.
};

}  // namespace speciesnet
