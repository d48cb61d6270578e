// SPDX-License-Identifier: Apache-2.0
#include "graph/to_floats.hpp"

#include "speciesnet/error.hpp"

#include "graph/float_element.hpp"

#include <cstddef>
#include <cstdint>

namespace speciesnet::graph {
namespace {

/// The number of elements, and of bytes from the first to the last.
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
        value = read_float(tensor.type, tensor.bytes.data() + offset * size_of(tensor.type));
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
