// SPDX-License-Identifier: Apache-2.0
// The element types of a picture.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace speciesnet::executor {

/// Pictures of bfloat16 numbers are moved as pairs of two channels that follow each other, each in
/// the place of one float: pointers and strides count floats for both.
enum class Element : std::int32_t { float32, bfloat16 };

/// The place that so many channels take.
constexpr std::size_t floats_of(Element element, std::size_t channels) {
    return element == Element::bfloat16 ? (channels + 1) / 2 : channels;
}

inline bool are_all(std::span<const Element> elements, Element element) {
    return std::all_of(elements.begin(), elements.end(),
                       [element](Element one) { return one == element; });
}

}  // namespace speciesnet::executor
