// SPDX-License-Identifier: Apache-2.0
// What the bytes of a picture stand for: number = (byte - zero) × scale, for each channel.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace speciesnet::executor {

/// The numbers that a channel can have as bytes. 0 is one of them, because padding is 0.
struct ByteRange {
    float least = 0;
    float most = 0;
    bool operator==(const ByteRange&) const = default;
};

/// Whether the range has a 0 and a step between two bytes that float32 can hold.
bool is_valid(const ByteRange& range);

/// Scales of channels, for kernels: whole vectors may be read from each of them. Its functions are
/// inlined everywhere, so that none stays compiled with a kernel's flags.
struct ByteScales {
    const float* scale = nullptr;
    const float* inverse = nullptr;  ///< 1 / scale
    const float* zero = nullptr;     ///< A byte.

    [[gnu::always_inline]] explicit operator bool() const noexcept { return scale != nullptr; }
    /// Those from a channel on.
    [[gnu::always_inline]] ByteScales from(std::size_t channel) const noexcept {
        return {scale + channel, inverse + channel, zero + channel};
    }
};

/// The scales of a picture's channels.
class ByteScaleTable {
public:
    ByteScaleTable() = default;
    /// @param ranges     valid ones, one for each channel
    /// @param least_byte that the kernels have
    ByteScaleTable(std::span<const ByteRange> ranges, float least_byte);
    /// The same range for all channels.
    ByteScaleTable(const ByteRange& range, std::size_t channels, float least_byte);

    std::size_t channels() const noexcept { return channels_; }
    float scale(std::size_t channel) const noexcept { return scale_[channel]; }
    float zero(std::size_t channel) const noexcept { return zero_[channel]; }
    ByteScales scales() const noexcept { return {scale_.data(), inverse_.data(), zero_.data()}; }
    /// A pixel of zeros, four channels in a float.
    std::vector<float> zero_pixel() const;

private:
    void add(const ByteRange& range, float least_byte);
    void fill_up();

    std::size_t channels_ = 0;
    std::vector<float> scale_;
    std::vector<float> inverse_;
    std::vector<float> zero_;
};

}  // namespace speciesnet::executor
