#include "graph/to_floats.hpp"

#include "speciesnet/error.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace speciesnet::graph {
namespace {

template <typename Stored>
Stored read(const char* bytes) {
    Stored value;
    std::memcpy(&value, bytes, sizeof value);  // Perhaps not aligned.
    return value;
}

float from_half(std::uint16_t bits) {
    const std::uint32_t sign = (bits & 0x8000U) << 16U;
    const std::uint32_t exponent = (bits >> 10U) & 0x1fU;
    const std::uint32_t fraction = bits & 0x3ffU;
    if (exponent == 0) {
        constexpr float smallest = 0x1p-24F;
        const float magnitude = static_cast<float>(fraction) * smallest;
        return sign != 0 ? -magnitude : magnitude;
    }
    constexpr std::uint32_t infinite = 0x1fU;
    constexpr std::uint32_t bias = 127 - 15;
    const std::uint32_t wide = exponent == infinite ? 0xffU : exponent + bias;
    return std::bit_cast<float>(sign | (wide << 23U) | (fraction << 13U));
}

float element(ElementType type, const char* bytes) {
    switch (type) {
        case ElementType::float16:
            return from_half(read<std::uint16_t>(bytes));
        case ElementType::bfloat16:
            return std::bit_cast<float>(std::uint32_t{read<std::uint16_t>(bytes)} << 16U);
        case ElementType::float32:
            return read<float>(bytes);
        case ElementType::float64:
            return static_cast<float>(read<double>(bytes));
        default:
            throw InvalidArgument("a tensor does not hold floating-point numbers");
    }
}

/// How many elements there are, and how many bytes from the first to the last.
struct Extent {
    std::size_t elements = 1;
    std::size_t bytes = 0;
};

Extent extent_of(const TensorView& tensor) {
    Extent extent;
    std::size_t last = 0;
    for (std::size_t axis = 0; axis < tensor.shape.size(); ++axis) {
        const auto size = static_cast<std::size_t>(tensor.shape[axis]);
        extent.elements *= size;
        last += size == 0 ? 0 : (size - 1) * static_cast<std::size_t>(tensor.strides[axis]);
    }
    extent.bytes = extent.elements == 0 ? 0 : (last + 1) * size_of(tensor.type);
    return extent;
}

}  // namespace

std::vector<float> to_floats(const TensorView& tensor) {
    const Extent extent = extent_of(tensor);
    if (!is_floating(tensor.type) || extent.bytes > tensor.bytes.size()) {
        throw InvalidArgument("a tensor is not floating-point, or larger than its bytes");
    }
    std::vector<float> values(extent.elements);
    std::vector<std::int64_t> position(tensor.shape.size(), 0);
    std::size_t offset = 0;  // In elements.
    for (float& value : values) {
        value = element(tensor.type, tensor.bytes.data() + offset * size_of(tensor.type));
        for (std::size_t axis = position.size(); axis-- > 0;) {
            const auto stride = static_cast<std::size_t>(tensor.strides[axis]);
            if (++position[axis] < tensor.shape[axis]) {
                offset += stride;
                break;
            }
            offset -= static_cast<std::size_t>(position[axis] - 1) * stride;
            position[axis] = 0;
        }
    }
    return values;
}

}  // namespace speciesnet::graph
