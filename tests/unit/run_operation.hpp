// SPDX-License-Identifier: Apache-2.0
// One operation of the executor on its own.
#pragma once

#include "executor/operation.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace speciesnet::executor {

/// A dense feature map of its own, of the elements that its size says.
class OwnPicture {
public:
    /// All numbers are so.
    explicit OwnPicture(const PictureSize& size, float number = 0) : size_(size) {
        const auto bits = std::bit_cast<std::uint32_t>(number) >> 16U;
        const bool is_float32 = size.element == Element::float32;
        floats_.assign(size.pixels() * size.floats(),
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
                                  floats_.data() + pixel * size.floats());
        }
    }

    Picture view() { return picture(floats_.data(), size_, size_.floats()); }

    std::vector<float> numbers(const Kernels& table) const {
        if (size_.element == Element::float32) {
            return floats_;
        }
        std::vector<float> numbers(size_.pixels() * size_.channels);
        for (std::size_t pixel = 0; pixel < size_.pixels(); ++pixel) {
            table.bfloat16->widen(floats_.data() + pixel * size_.floats(), size_.channels,
                                  numbers.data() + pixel * size_.channels);
        }
        return numbers;
    }

private:
    PictureSize size_;
    std::vector<float> floats_;
};

/// What an operation gives for dense inputs. Those of bfloat16 numbers are rounded first.
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
    OwnPicture output(operation.output_size(sizes));
    ThreadPool pool(2);
    Memory shared;
    operation.run({table, pool, shared}, views, output.view());
    return output.numbers(table);
}

}  // namespace speciesnet::executor
