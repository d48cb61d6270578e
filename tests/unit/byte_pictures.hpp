// SPDX-License-Identifier: Apache-2.0
// Feature maps of bytes, and the values that they represent.
#pragma once

#include "executor/byte_scales.hpp"
#include "executor/kernels.hpp"
#include "executor/picture.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace speciesnet::executor {

/// Returns the smallest range of each channel that contains all its values and 0.
inline std::vector<ByteRange> ranges_of(const std::vector<float>& numbers, std::size_t channels) {
    std::vector<ByteRange> ranges(channels);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        auto& range = ranges[i % channels];
        range.least = std::min(range.least, numbers[i]);
        range.most = std::max(range.most, numbers[i]);
    }
    return ranges;
}

class BytePicture {
public:
    /// @param size its element type is ignored
    BytePicture(const PictureSize& size, const std::vector<ByteRange>& ranges, const Kernels& table)
        : size_(size),
          scales_(ranges, table.int8->least_byte),
          is_framed_(has_frames(table, Element::byte)) {
        size_.element = Element::byte;
        fours_.resize(picture_floats(size_, size_.floats(), is_framed_));
        if (is_framed_) {
            fill_frame(view(), scales_.zero_pixel().data());
        }
    }
    BytePicture(const PictureSize& size, const std::vector<ByteRange>& ranges, const Kernels& table,
                const std::vector<float>& numbers)
        : BytePicture(size, ranges, table) {
        for (std::size_t pixel = 0; pixel < size_.pixels(); ++pixel) {
            table.int8->quantize(numbers.data() + pixel * size_.channels, size_.channels,
                                 scales_.scales(), place(view(), pixel));
        }
    }

    const PictureSize& size() const { return size_; }
    double step(std::size_t channel) const { return scales_.scale(channel); }

    Picture view() {
        auto view = picture(fours_.data(), size_, size_.floats(), is_framed_);
        view.scales = scales_.scales();
        return view;
    }

    /// Returns the values that the bytes represent.
    std::vector<float> numbers(const Kernels& table) {
        std::vector<float> numbers(size_.pixels() * size_.channels);
        for (std::size_t pixel = 0; pixel < size_.pixels(); ++pixel) {
            table.int8->widen(place(view(), pixel), size_.channels, scales_.scales(),
                              numbers.data() + pixel * size_.channels);
        }
        return numbers;
    }

private:
    float* place(const Picture& view, std::size_t pixel) const {
        const std::size_t line = pixel / size_.width;
        return view.pixel(line / size_.height, line % size_.height, pixel % size_.width);
    }

    PictureSize size_;
    ByteScaleTable scales_;
    bool is_framed_;
    std::vector<float> fours_;
};

}  // namespace speciesnet::executor
