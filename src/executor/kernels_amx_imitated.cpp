// SPDX-License-Identifier: Apache-2.0
// The AMX kernels on emulated registers, which run on any CPU with AVX-512 BF16 but are many times
// slower. The results of the CPU's registers are compared with theirs.
#include "executor/kernel_tables.hpp"

#include <immintrin.h>

namespace speciesnet::executor {
namespace {

#include "executor/avx512_pairs.hpp"

struct PairProducts {
    using Sum = float;
    using Group = std::uint32_t;
    static float upper(Group pair) { return __builtin_bit_cast(float, pair & 0xFFFF0000U); }
    static float lower(Group pair) { return __builtin_bit_cast(float, pair << 16U); }
    static Sum add(Group x, Group y, Sum sum) {
        return sum + lower(x) * lower(y) + upper(x) * upper(y);
    }
};

struct ByteProducts {
    using Sum = std::int32_t;
    using Group = std::uint32_t;
    static Sum add(Group x, Group y, Sum sum) {
        for (unsigned shift = 0; shift < 32; shift += 8) {
            sum += static_cast<Sum>(static_cast<std::uint8_t>(x >> shift)) *
                   static_cast<Sum>(static_cast<std::int8_t>(y >> shift));
        }
        return sum;
    }
};

class ImitatedRegisters {
public:
    template <int number>
    void clear() {
        __builtin_memset(rows_[number], 0, sizeof rows_[number]);
    }
    template <int number>
    void begin(const float* from, std::ptrdiff_t stride, bool is_zero) {
        if (is_zero) {
            clear<number>();
        } else {
            load<number>(from, stride);
        }
    }
    template <int number>
    void load(const float* from, std::ptrdiff_t stride) {
        for (auto& row : rows_[number]) {
            __builtin_memcpy(row, from, sizeof row);
            from = next(from, stride);
        }
    }
    template <int number>
    void store(float* to, std::ptrdiff_t stride) {
        for (const auto& row : rows_[number]) {
            __builtin_memcpy(to, row, sizeof row);
            to = const_cast<float*>(next(to, stride));
        }
    }
    template <class Factors, int sums, int pixels, int weights>
    void multiply() {
        for (std::size_t row = 0; row < side; ++row) {
            for (std::size_t column = 0; column < side; ++column) {
                auto sum = __builtin_bit_cast(typename Factors::Sum, rows_[sums][row][column]);
                for (std::size_t group = 0; group < side; ++group) {
                    sum =
                        Factors::add(rows_[pixels][row][group], rows_[weights][group][column], sum);
                }
                rows_[sums][row][column] = __builtin_bit_cast(std::uint32_t, sum);
            }
        }
    }

private:
    static constexpr std::size_t side = 16;

    static const float* next(const float* row, std::ptrdiff_t stride) {
        return reinterpret_cast<const float*>(reinterpret_cast<const char*>(row) + stride);
    }

    std::uint32_t rows_[8][side][side] = {};
};

#include "executor/amx_templates.hpp"

}  // namespace

const AmxKernels& imitated_amx_kernels() {
    static const AmxKernels table = amx_table<ImitatedRegisters>();
    return table;
}

}  // namespace speciesnet::executor
