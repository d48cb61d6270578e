// SPDX-License-Identifier: Apache-2.0
// Quantisation of feature maps: value = (byte - zero point) × scale, for each channel.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace speciesnet::executor {

/// The range of values that the bytes of a channel represent. It contains 0, because padding is 0.
struct ByteRange {
    float least = 0;
    float most = 0;
    bool operator==(const ByteRange&) const = default;
};

/// Returns whether the range contains 0 and float32 can represent the step between two bytes.
bool is_valid(const ByteRange& range);

/// Scales of channels, for kernels: whole vectors may be read from each array. The functions are
/// always inlined, so that no copy is compiled with the flags of a kernel.
struct ByteScales {
    const float* scale = nullptr;
    const float* inverse = nullptr;  ///< 1 / scale
    const float* zero = nullptr;     ///< The zero point, an integer in the range of a byte.

    [[gnu::always_inline]] explicit operator bool() const noexcept { return scale != nullptr; }
    /// Returns the scales that start at a channel.
    [[gnu::always_inline]] ByteScales from(std::size_t channel) const noexcept {
        return {scale + channel, inverse + channel, zero + channel};
    }
};

/// The scales of a feature map's channels.
class ByteScaleTable {
public:
    ByteScaleTable() = default;
    /// @param ranges     valid ranges, one for each channel
    /// @param least_byte the least byte of the kernels
    ByteScaleTable(std::span<const ByteRange> ranges, float least_byte);
    /// Uses the same range for all channels.
    ByteScaleTable(const ByteRange& range, std::size_t channels, float least_byte);

    std::size_t channels() const noexcept { return channels_; }
    float scale(std::size_t channel) const noexcept { return scale_[channel]; }
    float zero(std::size_t channel) const noexcept { return zero_[channel]; }
    ByteScales scales() const noexcept { return {scale_.data(), inverse_.data(), zero_.data()}; }
    /// Returns a pixel of zero points, four channels in each float.
    const std::vector<float>& zero_pixel() const noexcept { return zero_pixel_; }

private:
    void add(const ByteRange& range, float least_byte);
    void fill_up();

    std::size_t channels_ = 0;
    std::vector<float> scale_;
    std::vector<float> inverse_;
    std::vector<float> zero_;
    std::vector<float> zero_pixel_;
};

}  // namespace speciesnet::executor
