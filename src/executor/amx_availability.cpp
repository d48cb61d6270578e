// SPDX-License-Identifier: Apache-2.0
// Compares the results of the CPU's registers with those of the imitated ones.
#include "executor/amx_availability.hpp"

#include "executor/kernel_tables.hpp"
#include "system/matrix_registers.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include <cpuid.h>

namespace speciesnet::executor {
namespace {

/// Source: Intel's manual, CPUID leaf 7.
bool cpu_has_amx() {
    constexpr unsigned bfloat16 = 1U << 22U;
    constexpr unsigned tiles = 1U << 24U;
    constexpr unsigned int8 = 1U << 25U;
    constexpr unsigned wanted = bfloat16 | tiles | int8;
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (d & wanted) == wanted;
}

/// Generates small integers, whose sums are all exact.
class Numbers {
public:
    std::uint32_t next() {
        state_ = state_ * 1664525U + 1013904223U;
        return state_ >> 24U;
    }
    /// Returns two bfloat16 values from -8 to 7.
    float pair() { return std::bit_cast<float>(half() | half() << 16U); }
    /// Returns four bytes.
    float four() {
        return std::bit_cast<float>(next() | next() << 8U | next() << 16U | next() << 24U);
    }

private:
    std::uint32_t half() {
        return std::bit_cast<std::uint32_t>(static_cast<float>(next() % 16U) - 8.0F) >> 16U;
    }
    std::uint32_t state_ = 1;
};

/// Returns a kernel's results for panels that use all registers and leave each of them partly
/// empty.
std::vector<float> products_of(void (*multiply)(const MatrixProduct& product),
                               float (*next)(Numbers&)) {
    constexpr std::size_t groups = 37;
    constexpr std::size_t blocks = 3;
    constexpr std::size_t taps = 2;
    constexpr std::size_t run_count = 5;
    constexpr std::size_t pixels = run_count * matrix_side - 3;
    Numbers numbers;
    const auto fill = [&](std::size_t count) {
        std::vector<float> values(count);
        std::generate(values.begin(), values.end(), [&] { return next(numbers); });
        return values;
    };
    constexpr std::size_t channels = matrix_panel + matrix_side - 2;
    constexpr std::size_t columns = matrix_panel + matrix_side;
    const auto pictures = fill(run_count * matrix_side * groups);
    const auto weights = fill(taps * blocks * columns * matrix_side);
    std::vector<PixelRun> runs;
    for (std::size_t run = 0; run < run_count; ++run) {
        // Ascending for the first tap, descending for the second.
        const float* const first = pictures.data() + run * matrix_side * groups;
        runs.push_back({first, groups});
        runs.push_back({first + (matrix_side - 1) * groups, -static_cast<std::ptrdiff_t>(groups)});
    }
    const std::vector<float> ones(columns, 1.0F);
    const std::vector<float> zeros(columns);
    std::vector<float> sums(matrix_product_sums);
    std::vector<float> outputs(pixels * columns);
    multiply({.runs = runs.data(),
              .run_count = run_count,
              .taps = taps,
              .blocks = blocks,
              .last_block = groups - matrix_side,
              .weights = weights.data(),
              .scale = ones.data(),
              .bias = zeros.data(),
              .pixels = pixels,
              .channels = channels,
              .element = Element::float32,
              .epilogue = {.output = outputs.data(), .output_stride = columns},
              .sums = sums.data()});
    return outputs;
}

bool gives_what_the_imitation_gives() {
    const auto pair = [](Numbers& numbers) { return numbers.pair(); };
    const auto four = [](Numbers& numbers) { return numbers.four(); };
    const auto& own = amx_kernels();
    const auto& imitated = imitated_amx_kernels();
    return products_of(own.bfloat16.multiply, pair) ==
               products_of(imitated.bfloat16.multiply, pair) &&
           products_of(own.int8.multiply, four) == products_of(imitated.int8.multiply, four);
}

}  // namespace

bool obtain_amx() {
    return cpu_has_amx() && obtain_matrix_registers() && gives_what_the_imitation_gives();
}

}  // namespace speciesnet::executor
