// SPDX-License-Identifier: Apache-2.0
// Products of two pixels by two output channels, with two groups of input channels each. One
// instruction computes them, for bytes and for bfloat16. Included like neon_templates.hpp, which it
// includes.

#include "executor/neon_templates.hpp"

/// Sums of some pixels and some vectors of output channels, in registers.
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
    /// @param stride between rows
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
    /// @param pixel   (row): the two groups of a row's pixel
    /// @param weights weights of the first group, for all output channels
    /// @param stride  between the weights of the two groups
    template <class Pixel>
    void add(const Pixel& pixel, const float* weights, std::size_t stride) {
        add_products([&](int row) { return vld1_f32(pixel(row)); },
                     [&](int place) {
                         const float* const from = weights + place;
                         return Weights{Neon::load(from), Neon::load(from + stride)};
                     });
    }
    /// Adds a single remaining group.
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
            // Makes the groups of each output channel contiguous.
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

    /// Each vector holds rows 2 i and 2 i + 1 by channels 2 j and 2 j + 1.
    Neon::Type sums_[rows / 2][2 * vectors];
};
