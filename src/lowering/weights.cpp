// SPDX-License-Identifier: Apache-2.0
// Converts float16, bfloat16, float32 and float64 of files to the float32 of the kernels.
#include "lowering/weights.hpp"

#include "graph/float_element.hpp"
#include "lowering/refusal.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>

namespace speciesnet::lowering {
namespace {

/// The maximum for one tensor: 4 GiB as float32, or 256 MiB in a 32-bit process, whose memory is 4
/// GiB.
constexpr std::size_t most_numbers = std::size_t{1} << (sizeof(std::size_t) == 8 ? 30U : 26U);
/// The maximum for tensors that repeat values with axes of stride 0: a scalar for each channel.
constexpr std::size_t most_repeated = std::size_t{1} << 16U;
constexpr std::size_t most_axes = 8;

/// Copies `count` values that are `step` bytes apart.
void copy_run(ElementType type, const char* from, std::size_t step, std::size_t count, float* to) {
    if (type == ElementType::float32 && step == sizeof(float)) {
        std::memcpy(to, from, count * sizeof(float));
        return;
    }
    for (std::size_t i = 0; i < count; ++i) {
        to[i] = graph::read_float(type, from + i * step);
    }
}

std::size_t count_of(const TensorView& tensor) {
    std::size_t count = 1;
    for (const auto size : tensor.shape) {
        count *= static_cast<std::size_t>(size);
    }
    return count;
}

bool is_dense(const TensorView& tensor) {
    std::int64_t stride = 1;
    for (std::size_t axis = tensor.shape.size(); axis-- > 0;) {
        if (tensor.shape[axis] != 1 && tensor.strides[axis] != stride) {
            return false;
        }
        stride *= tensor.shape[axis];
    }
    return true;
}

}  // namespace

std::size_t checked_count(const TensorView& tensor) {
    if (!is_floating(tensor.type)) {
        refuse("has weights that are not floating-point");
    }
    if (tensor.shape.size() != tensor.strides.size() || tensor.shape.size() > most_axes) {
        refuse("has a weight of too many axes");
    }
    const std::size_t stored = tensor.bytes.size() / size_of(tensor.type);
    std::size_t count = 1;
    std::size_t last = 0;
    for (std::size_t axis = 0; axis < tensor.shape.size(); ++axis) {
        const auto size = tensor.shape[axis];
        const auto stride = tensor.strides[axis];
        if (size < 1 || stride < 0 || static_cast<std::size_t>(size) > most_numbers / count) {
            refuse("has a weight that is empty or too large");
        }
        count *= static_cast<std::size_t>(size);
        const auto steps = static_cast<std::size_t>(size - 1);
        if (steps != 0 && static_cast<std::size_t>(stride) > stored / steps) {
            refuse("has a weight that ends early");
        }
        last += steps * static_cast<std::size_t>(stride);
    }
    if (last >= stored) {
        refuse("has a weight that ends early");
    }
    if (count > std::max(stored, most_repeated)) {
        refuse("has a weight that repeats few values many times");
    }
    return count;
}

void copy_floats(const TensorView& tensor, float* to) {
    const std::size_t bytes_per_number = size_of(tensor.type);
    if (is_dense(tensor)) {
        copy_run(tensor.type, tensor.bytes.data(), bytes_per_number, count_of(tensor), to);
        return;
    }
    // Copies the last axis in runs, and iterates over the others.
    const std::size_t outer = tensor.shape.size() - 1;
    const auto run = static_cast<std::size_t>(tensor.shape[outer]);
    const std::size_t step = static_cast<std::size_t>(tensor.strides[outer]) * bytes_per_number;
    std::vector<std::int64_t> index(outer);
    while (true) {
        std::size_t offset = 0;
        for (std::size_t axis = 0; axis < outer; ++axis) {
            offset += static_cast<std::size_t>(index[axis] * tensor.strides[axis]);
        }
        copy_run(tensor.type, tensor.bytes.data() + offset * bytes_per_number, step, run, to);
        to += run;
        std::size_t axis = outer;
        while (axis > 0 && ++index[axis - 1] == tensor.shape[axis - 1]) {
            index[--axis] = 0;
        }
        if (axis == 0) {
            return;
        }
    }
}

std::span<const float> floats_in_place(const TensorView& tensor) {
    const char* const bytes = tensor.bytes.data();
    if (tensor.type != ElementType::float32 || !is_dense(tensor) ||
        reinterpret_cast<std::uintptr_t>(bytes) % alignof(float) != 0) {
        return {};
    }
    return {reinterpret_cast<const float*>(bytes), count_of(tensor)};
}

std::vector<float> floats_of(const TensorView& tensor) {
    std::vector<float> numbers(checked_count(tensor));
    copy_floats(tensor, numbers.data());
    return numbers;
}

TensorView tensor_of(std::vector<float> numbers, std::vector<std::int64_t> shape) {
    const auto owner = std::make_shared<const std::vector<float>>(std::move(numbers));
    TensorView tensor{
        .type = ElementType::float32,
        .shape = std::move(shape),
        .strides = {},
        .bytes = {reinterpret_cast<const char*>(owner->data()), owner->size() * sizeof(float)},
        .owner = owner};
    tensor.strides.resize(tensor.shape.size());
    std::int64_t stride = 1;
    for (std::size_t axis = tensor.shape.size(); axis-- > 0;) {
        tensor.strides[axis] = stride;
        stride *= tensor.shape[axis];
    }
    return tensor;
}

}  // namespace speciesnet::lowering
