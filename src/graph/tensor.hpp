// SPDX-License-Identifier: Apache-2.0
// A view of a tensor's memory: in a mapped file, or owned elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

enum class ElementType : std::int32_t {
    boolean,
    uint8,
    float16,
    bfloat16,
    float32,
    float64,
    int32,
    int64
};

constexpr std::size_t size_of(ElementType type) noexcept {
    switch (type) {
        case ElementType::boolean:
        case ElementType::uint8:
            return 1;
        case ElementType::float16:
        case ElementType::bfloat16:
            return 2;
        case ElementType::float32:
        case ElementType::int32:
            return 4;
        case ElementType::float64:
        case ElementType::int64:
            return 8;
    }
    return 0;
}

constexpr bool is_floating(ElementType type) noexcept {
    return type == ElementType::float16 || type == ElementType::bfloat16 ||
           type == ElementType::float32 || type == ElementType::float64;
}

struct TensorView {
    ElementType type = ElementType::float32;
    std::vector<std::int64_t> shape;    ///< Not negative.
    std::vector<std::int64_t> strides;  ///< In elements, not negative; one for each dimension.
    /// From the first element to the last; may be unaligned for the type.
    std::string_view bytes;
    /// Keeps `bytes` alive; null if the caller does.
    std::shared_ptr<const void> owner;
};

}  // namespace speciesnet
