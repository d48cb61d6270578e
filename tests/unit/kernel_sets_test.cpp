// SPDX-License-Identifier: Apache-2.0
// Properties of kernels that are known without running them match their tables.
#include "executor/kernels.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace speciesnet::executor;

namespace {

void check_same(const TileShape& one, const TileShape& other) {
    CHECK(one.most_vectors == other.most_vectors);
    CHECK(one.rows == other.rows);
}

}  // namespace

TEST_CASE("the layout of a kernel set is that of its table") {
    for (const auto& set : kernel_sets()) {
        CHECK(find_kernel_set(set.name, set.precision) == &set);
        if (!set.supported()) {
            continue;
        }
        CAPTURE(set.name);
        const auto& table = set.table();
        CHECK(table.width == set.layout.width);
        check_same(table.tiles, set.layout.tiles);
        if (set.precision == Precision::int8) {
            check_same(table.int8->tiles, set.layout.int8->tiles);
            CHECK(table.int8->least_byte == set.layout.int8->least_byte);
            CHECK(table.int8->multiplies_matrices == set.layout.int8->multiplies_matrices);
        }
        if (set.precision == Precision::bfloat16) {
            CHECK(table.bfloat16->is_faster_than_winograd ==
                  set.layout.bfloat16->is_faster_than_winograd);
        }
    }
}

TEST_CASE("the automatic precision is bfloat16 only where it is fast") {
    const auto* const automatic = automatic_kernel_set();
    const auto* const pairs = best_kernel_set(Precision::bfloat16);
    if (pairs == nullptr) {
        CHECK(automatic == best_kernel_set(Precision::float32));
    } else if (pairs->name == "amx" || pairs->name == "neon") {
        CHECK(automatic == pairs);
    } else {
#ifdef __x86_64__
        CHECK((automatic == pairs) == (__builtin_cpu_is("intel") == 0));
#endif
    }
}

namespace {

/// Returns special values, then values with random bits.
std::vector<float> numbers_to_round() {
    std::vector<float> numbers{0.0F,
                               -0.0F,
                               std::numeric_limits<float>::denorm_min(),
                               -std::numeric_limits<float>::denorm_min(),
                               std::numeric_limits<float>::min(),
                               std::numeric_limits<float>::max(),
                               std::numeric_limits<float>::lowest(),
                               std::numeric_limits<float>::infinity(),
                               std::bit_cast<float>(0x3F808000U),   // Halfway, to even.
                               std::bit_cast<float>(0x3F818000U),   // Halfway, to even.
                               std::bit_cast<float>(0x3F808001U),   // Slightly more than halfway.
                               std::bit_cast<float>(0x00408000U)};  // Halfway, subnormal.
    std::uint32_t bits = 1;
    while (numbers.size() < 4099) {
        bits = bits * 1664525U + 1013904223U;
        const auto number = std::bit_cast<float>(bits);
        if (number == number) {
            numbers.push_back(number);
        }
    }
    return numbers;
}

}  // namespace

TEST_CASE("weights for another CPU are rounded as that CPU rounds them") {
    const auto numbers = numbers_to_round();
    for (const std::string name : {"neon", "avx512"}) {
        CAPTURE(name);
        const auto* const set = find_kernel_set(name, Precision::bfloat16);
        std::vector<float> rounded((numbers.size() + 1) / 2);
        set->layout.bfloat16->round(numbers.data(), numbers.size(), rounded.data());
        CHECK(std::bit_cast<std::uint32_t>(rounded[1]) == 0x80000000U);  // Both are treated as 0.
        CHECK(std::bit_cast<std::uint32_t>(rounded[4]) == 0x3F823F80U);
        CHECK((std::bit_cast<std::uint32_t>(rounded[5]) & 0xFFFFU) == 0x3F81U);
        if (!set->supported()) {
            MESSAGE("SKIPPED: this CPU has no bfloat16 numbers to compare with");
            continue;
        }
        std::vector<float> expected(rounded.size());
        set->table().bfloat16->round(numbers.data(), numbers.size(), expected.data());
        for (std::size_t i = 0; i < rounded.size(); ++i) {
            CAPTURE(numbers[2 * i]);
            CHECK(std::bit_cast<std::uint32_t>(rounded[i]) ==
                  std::bit_cast<std::uint32_t>(expected[i]));
        }
    }
}
