// SPDX-License-Identifier: Apache-2.0
// The element types of a feature map.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace speciesnet::executor {

/// Contiguous channels of narrow elements share one float: two bfloat16 values, or four bytes.
/// Pointers and strides count floats for all types.
enum class Element : std::int32_t { float32, bfloat16, byte };

/// Returns how many elements share a float.
constexpr std::size_t elements_per_float(Element element) {
    switch (element) {
        case Element::bfloat16:
            return 2;
        case Element::byte:
            return 4;
        case Element::float32:
            break;
    }
    return 1;
}

/// Returns the number of floats that hold the channels.
constexpr std::size_t floats_of(Element element, std::size_t channels) {
    const std::size_t shared = elements_per_float(element);
    return (channels + shared - 1) / shared;
}

inline bool are_all(std::span<const Element> elements, Element element) {
    return std::all_of(elements.begin(), elements.end(),
                       [element](Element one) { return one == element; });
}

}  // namespace speciesnet::executor
