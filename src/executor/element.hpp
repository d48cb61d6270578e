// SPDX-License-Identifier: Apache-2.0
// The element types of a picture.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace speciesnet::executor {

/// Channels of narrow elements that follow each other share the place of one float: two bfloat16
/// numbers, or four bytes. Pointers and strides count floats for all.
enum class Element : std::int32_t { float32, bfloat16, byte };

/// How many share the place of a float.
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

/// The place that so many channels take.
constexpr std::size_t floats_of(Element element, std::size_t channels) {
    const std::size_t shared = elements_per_float(element);
    return (channels + shared - 1) / shared;
}

inline bool are_all(std::span<const Element> elements, Element element) {
    return std::all_of(elements.begin(), elements.end(),
                       [element](Element one) { return one == element; });
}

}  // namespace speciesnet::executor
