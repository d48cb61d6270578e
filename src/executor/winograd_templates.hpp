// SPDX-License-Identifier: Apache-2.0
// Winograd's F(4×4, 3×3) for any vector type; included like kernel_templates.hpp.
//
// The points are 0, ±5/8, ±5/4 and infinity. With them, sums differ from exact ones by about 1.4
// times the error of direct summation in float32; with the usual 0, ±1, ±2 by 3.7 times. With
// a = 5/8 and b = 5/4, the matrices are those of Toom and Cook:
//   input   rows of coefficients of Π(x - p) over the other points,
//   weights p^j / Π(p - q),
//   output  p^j.

inline constexpr float point_a2 = 0.390625F;  // a²
inline constexpr float point_b2 = 1.5625F;    // b²
inline constexpr float point_a = 0.625F;
inline constexpr float point_b = 1.25F;
inline constexpr float point_a3 = 0.244140625F;  // a³
inline constexpr float point_b3 = 1.953125F;     // b³

template <class V>
void input_transform(const typename V::Type (&d)[6], typename V::Type (&v)[6]) {
    const auto a2 = V::broadcast(point_a2);
    const auto b2 = V::broadcast(point_b2);
    const auto a = V::broadcast(point_a);
    const auto b = V::broadcast(point_b);
    // (x² - a²)(x² - b²) = x⁴ - (a² + b²) x² + a² b²
    const auto middle = V::broadcast(-(point_a2 + point_b2));
    const auto product = V::broadcast(point_a2 * point_b2);
    v[0] = V::fma(product, d[0], V::fma(middle, d[2], d[4]));
    v[5] = V::fma(product, d[1], V::fma(middle, d[3], d[5]));
    // x (x ± a)(x² - b²): even part x⁴ - b² x² and odd part ±a (x³ - b² x)
    const auto even_a = V::fnma(b2, d[2], d[4]);
    const auto odd_a = V::mul(a, V::fnma(b2, d[1], d[3]));
    v[1] = V::add(even_a, odd_a);
    v[2] = V::sub(even_a, odd_a);
    const auto even_b = V::fnma(a2, d[2], d[4]);
    const auto odd_b = V::mul(b, V::fnma(a2, d[1], d[3]));
    v[3] = V::add(even_b, odd_b);
    v[4] = V::sub(even_b, odd_b);
}

template <class V>
void weights_transform(const typename V::Type (&g)[3], typename V::Type (&u)[6]) {
    // Π(p - q): at 0 a² b²; at ±a 2a²(a² - b²); at ±b 2b²(b² - a²)
    const auto at_zero = V::broadcast(1.0F / (point_a2 * point_b2));
    const auto at_a = V::broadcast(0.5F / (point_a2 * (point_a2 - point_b2)));
    const auto at_b = V::broadcast(0.5F / (point_b2 * (point_b2 - point_a2)));
    u[0] = V::mul(at_zero, g[0]);
    const auto even_a = V::mul(at_a, V::fma(V::broadcast(point_a2), g[2], g[0]));
    const auto odd_a = V::mul(at_a, V::mul(V::broadcast(point_a), g[1]));
    u[1] = V::add(even_a, odd_a);
    u[2] = V::sub(even_a, odd_a);
    const auto even_b = V::mul(at_b, V::fma(V::broadcast(point_b2), g[2], g[0]));
    const auto odd_b = V::mul(at_b, V::mul(V::broadcast(point_b), g[1]));
    u[3] = V::add(even_b, odd_b);
    u[4] = V::sub(even_b, odd_b);
    u[5] = g[2];
}

template <class V>
void output_transform(const typename V::Type (&m)[6], typename V::Type (&y)[4]) {
    const auto even_a = V::add(m[1], m[2]);
    const auto odd_a = V::sub(m[1], m[2]);
    const auto even_b = V::add(m[3], m[4]);
    const auto odd_b = V::sub(m[3], m[4]);
    y[0] = V::add(m[0], V::add(even_a, even_b));
    y[1] = V::fma(V::broadcast(point_a), odd_a, V::mul(V::broadcast(point_b), odd_b));
    y[2] = V::fma(V::broadcast(point_a2), even_a, V::mul(V::broadcast(point_b2), even_b));
    y[3] =
        V::add(m[5], V::fma(V::broadcast(point_a3), odd_a, V::mul(V::broadcast(point_b3), odd_b)));
}

/// @tparam Source loads values of a feature map as vectors
template <class V, class Source = V>
void winograd_input(const float* const* pixels, std::size_t channels, float* values,
                    std::size_t stride) {
    for (std::size_t channel = 0; channel < channels; channel += V::width) {
        typename V::Type rows[6][6];
        for (int column = 0; column < 6; ++column) {
            typename V::Type patch[6];
            typename V::Type transformed[6];
            for (int row = 0; row < 6; ++row) {
                patch[row] = Source::load(pixels[row * 6 + column] + Source::floats(channel));
            }
            input_transform<V>(patch, transformed);
            for (int row = 0; row < 6; ++row) {
                rows[row][column] = transformed[row];
            }
        }
        for (int row = 0; row < 6; ++row) {
            typename V::Type transformed[6];
            input_transform<V>(rows[row], transformed);
            for (int column = 0; column < 6; ++column) {
                V::store(values + static_cast<std::size_t>(row * 6 + column) * stride + channel,
                         transformed[column]);
            }
        }
    }
}

template <class V>
void winograd_weights(const float* taps, std::size_t tap_stride, float* values,
                      std::size_t stride) {
    typename V::Type rows[6][3];
    for (int column = 0; column < 3; ++column) {
        typename V::Type kernel[3];
        typename V::Type transformed[6];
        for (int row = 0; row < 3; ++row) {
            kernel[row] = V::load(taps + static_cast<std::size_t>(row * 3 + column) * tap_stride);
        }
        weights_transform<V>(kernel, transformed);
        for (int row = 0; row < 6; ++row) {
            rows[row][column] = transformed[row];
        }
    }
    for (int row = 0; row < 6; ++row) {
        typename V::Type transformed[6];
        weights_transform<V>(rows[row], transformed);
        for (int column = 0; column < 6; ++column) {
            V::store(values + static_cast<std::size_t>(row * 6 + column) * stride,
                     transformed[column]);
        }
    }
}

template <class V>
void winograd_output(const float* sums, std::size_t stride, float* pixels) {
    typename V::Type rows[4][6];
    for (int column = 0; column < 6; ++column) {
        typename V::Type values[6];
        typename V::Type transformed[4];
        for (int row = 0; row < 6; ++row) {
            values[row] = V::load(sums + static_cast<std::size_t>(row * 6 + column) * stride);
        }
        output_transform<V>(values, transformed);
        for (int row = 0; row < 4; ++row) {
            rows[row][column] = transformed[row];
        }
    }
    for (int row = 0; row < 4; ++row) {
        typename V::Type transformed[4];
        output_transform<V>(rows[row], transformed);
        for (int column = 0; column < 4; ++column) {
            V::store(pixels + (row * 4 + column) * V::width, transformed[column]);
        }
    }
}
