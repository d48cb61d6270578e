// SPDX-License-Identifier: Apache-2.0
// Products of two pixels by two output channels, of two groups of input channels each: one
// instruction, for bytes and for bfloat16 numbers. Included like neon_templates.hpp, which it
// includes.

#include "executor/neon_templates.hpp"

/// Sums of a few pixels and a few vectors of output channels, in registers.
template <class Factors, int rows, int vectors>
class MatrixSums {
public:
    void clear() {
#pragma GCC unroll 4
        for (int row = 0; row < rows / 2; ++row) {
#pragma GCC unroll 8
            for (int half = 0; half < 2 * vectors; ++half) {
                sums_[row][half] = Neon::broadcast(0.0F);
            }
        }
    }
    /// @param stride from row to row
    void load(const float* from, std::size_t stride) {
#pragma GCC unroll 4
        for (int row = 0; row < rows; row += 2, from += 2 * stride) {
#pragma GCC unroll 8
            for (int vector = 0; vector < vectors; ++vector) {
                const auto upper = Neon::load(from + vector * Neon::width);
                const auto lower = Neon::load(from + stride + vector * Neon::width);
                sums_[row / 2][2 * vector] = first_halves(upper, lower);
                sums_[row / 2][2 * vector + 1] = second_halves(upper, lower);
            }
        }
    }
    void store(float* to, std::size_t stride) const {
#pragma GCC unroll 4
        for (int row = 0; row < rows; row += 2, to += 2 * stride) {
#pragma GCC unroll 8
            for (int vector = 0; vector < vectors; ++vector) {
                const auto first = sums_[row / 2][2 * vector];
                const auto second = sums_[row / 2][2 * vector + 1];
                Neon::store(to + vector * Neon::width, first_halves(first, second));
                Neon::store(to + stride + vector * Neon::width, second_halves(first, second));
            }
        }
    }
    /// @param pixel   (row): its two groups
    /// @param weights of the first group, of all output channels
    /// @param stride  to those of the second group
    template <class Pixel>
    void add(const Pixel& pixel, const float* weights, std::size_t stride) {
        add_products([&](int row) { return vld1_f32(pixel(row)); },
                     [&](int place) {
                         const float* const from = weights + place;
                         return Weights{Neon::load(from), Neon::load(from + stride)};
                     });
    }
    /// One group that is left.
    template <class Pixel>
    void add_last(const Pixel& pixel, const float* weights) {
        add_products([&](int row) { return vset_lane_f32(*pixel(row), vdup_n_f32(0.0F), 0); },
                     [&](int place) {
                         return Weights{Neon::load(weights + place), Neon::broadcast(0.0F)};
                     });
    }

private:
    struct Weights {
        Neon::Type first;
        Neon::Type second;
    };

    template <class Pixels, class Load>
    void add_products(const Pixels& pixels, const Load& load) {
        Neon::Type numbers[rows / 2];
#pragma GCC unroll 4
        for (int row = 0; row < rows; row += 2) {
            numbers[row / 2] = vcombine_f32(pixels(row), pixels(row + 1));
        }
#pragma GCC unroll 8
        for (int vector = 0; vector < vectors; ++vector) {
            const Weights weights = load(vector * Neon::width);
            // Groups of the same output channel follow each other.
            const auto first = vzip1q_f32(weights.first, weights.second);
            const auto second = vzip2q_f32(weights.first, weights.second);
#pragma GCC unroll 4
            for (int row = 0; row < rows / 2; ++row) {
                auto& sums = sums_[row];
                sums[2 * vector] = Factors::add(numbers[row], first, sums[2 * vector]);
                sums[2 * vector + 1] = Factors::add(numbers[row], second, sums[2 * vector + 1]);
            }
        }
    }
    static Neon::Type first_halves(Neon::Type x, Neon::Type y) {
        return vcombine_f32(vget_low_f32(x), vget_low_f32(y));
    }
    static Neon::Type second_halves(Neon::Type x, Neon::Type y) {
        return vcombine_f32(vget_high_f32(x), vget_high_f32(y));
    }

    /// Of rows 2 i and 2 i + 1 by channels 2 j and 2 j + 1.
    Neon::Type sums_[rows / 2][2 * vectors];
};
