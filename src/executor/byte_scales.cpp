// SPDX-License-Identifier: Apache-2.0
#include "executor/byte_scales.hpp"

#include "executor/element.hpp"

#include <bit>
#include <cmath>
#include <cstdint>

namespace speciesnet::executor {
namespace {

constexpr float steps = 255;  ///< The steps between the least and the largest byte.
constexpr std::size_t widest_vector = 16;

}  // namespace

bool is_valid(const ByteRange& range) {
    return std::isfinite(range.least) && std::isfinite(range.most) && range.least <= 0 &&
           range.most >= 0 && std::isnormal((range.most - range.least) / steps) &&
           std::isnormal(steps / (range.most - range.least));
}

ByteScaleTable::ByteScaleTable(std::span<const ByteRange> ranges, float least_byte) {
    for (const auto& range : ranges) {
        add(range, least_byte);
    }
    fill_up();
}

ByteScaleTable::ByteScaleTable(const ByteRange& range, std::size_t channels, float least_byte) {
    for (std::size_t channel = 0; channel < channels; ++channel) {
        add(range, least_byte);
    }
    fill_up();
}

void ByteScaleTable::add(const ByteRange& range, float least_byte) {
    const float scale = (range.most - range.least) / steps;
    scale_.push_back(scale);
    inverse_.push_back(1.0F / scale);
    zero_.push_back(std::round(-range.least / scale) + least_byte);
    ++channels_;
}

void ByteScaleTable::fill_up() {
    for (auto* const list : {&scale_, &inverse_, &zero_}) {
        list->resize(channels_ + widest_vector);
    }
    constexpr std::size_t shared = elements_per_float(Element::byte);
    for (std::size_t first = 0; first < channels_; first += shared) {
        std::uint32_t four = 0;
        for (std::size_t i = 0; i < shared; ++i) {
            const auto byte = static_cast<std::uint8_t>(static_cast<int>(zero_[first + i]));
            four |= std::uint32_t{byte} << (8U * i);
        }
        zero_pixel_.push_back(std::bit_cast<float>(four));
    }
}

}  // namespace speciesnet::executor
