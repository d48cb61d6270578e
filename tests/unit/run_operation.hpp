// SPDX-License-Identifier: Apache-2.0
// Runs a single operation of the executor.
#pragma once

#include "executor/operation.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace speciesnet::executor {

/// A feature map with its own memory, with the element type of its size.
class OwnPicture {
public:
    /// Sets all values, including those around the feature map.
    explicit OwnPicture(const PictureSize& size, float number = 0) : size_(size) {
        const auto bits = std::bit_cast<std::uint32_t>(number) >> 16U;
        const bool is_float32 = size.element == Element::float32;
        floats_.assign(picture_floats(size, size.floats(), size.element != Element::float32),
                       is_float32 ? number : std::bit_cast<float>(bits << 16U | bits));
    }
    OwnPicture(const PictureSize& size, const std::vector<float>& numbers, const Kernels& table)
        : OwnPicture(size) {
        if (size.element == Element::float32) {
            floats_ = numbers;
            return;
        }
        for (std::size_t pixel = 0; pixel < size.pixels(); ++pixel) {
            table.bfloat16->round(numbers.data() + pixel * size.channels, size.channels,
                                  place(pixel));
        }
    }

    Picture view() {
        return picture(floats_.data(), size_, size_.floats(), size_.element != Element::float32);
    }

    std::vector<float> numbers(const Kernels& table) {
        if (size_.element == Element::float32) {
            return floats_;
        }
        std::vector<float> numbers(size_.pixels() * size_.channels);
        for (std::size_t pixel = 0; pixel < size_.pixels(); ++pixel) {
            table.bfloat16->widen(place(pixel), size_.channels,
                                  numbers.data() + pixel * size_.channels);
        }
        return numbers;
    }

    /// Returns whether all values around the feature map equal `number`.
    bool is_framed_by(float number) {
        const OwnPicture other(size_, number);
        auto emptied = *this;
        for (std::size_t pixel = 0; pixel < size_.pixels(); ++pixel) {
            std::copy_n(other.floats_.data(), size_.floats(), emptied.place(pixel));
        }
        return std::memcmp(emptied.floats_.data(), other.floats_.data(),
                           floats_.size() * sizeof(float)) == 0;
    }

private:
    float* place(std::size_t pixel) {
        const std::size_t line = pixel / size_.width;
        return view().pixel(line / size_.height, line % size_.height, pixel % size_.width);
    }

    PictureSize size_;
    std::vector<float> floats_;
};

/// Returns the result of an operation for dense inputs. Inputs are rounded first for bfloat16.
inline std::vector<float> run(
    const Operation& operation, const Kernels& table,
    const std::vector<std::pair<PictureSize, std::vector<float>>>& inputs) {
    std::vector<OwnPicture> pictures;
    std::vector<PictureSize> sizes;
    for (const auto& [size, values] : inputs) {
        pictures.emplace_back(size, values, table);
        sizes.push_back(size);
    }
    std::vector<ConstPicture> views;
    for (auto& own : pictures) {
        views.push_back(read_only(own.view()));
    }
    constexpr float untouched = -99;
    OwnPicture output(operation.output_size(sizes), untouched);
    ThreadPool pool(2);
    Memory shared;
    Memory converted;
    operation.run({table, pool, shared, converted}, views, output.view());
    CHECK(output.is_framed_by(untouched));
    return output.numbers(table);
}

}  // namespace speciesnet::executor
