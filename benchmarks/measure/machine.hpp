// SPDX-License-Identifier: Apache-2.0
// What this machine can do at most, measured here and now.
#pragma once

#include <array>
#include <optional>
#include <string>

namespace speciesnet::benchmark {

/// Vector instructions that a limit is measured with.
enum class VectorSet { avx2, avx512 };

/// The best that both the CPU and this program know.
VectorSet best_vector_set();

const char* name(VectorSet set);

/// As /proc/cpuinfo names it.
std::string cpu_name();

/// Bytes per second that one thread reads and writes together when it copies far more than the
/// caches hold.
double copy_bandwidth();

/// Single-precision operations per second of `threads` threads that do nothing but multiply and add
/// in registers. Each multiply-add is two operations.
double multiply_add_rate(VectorSet set, int threads);

/// What kernels multiply with.
enum class Arithmetic { avx2, avx512, avx512_bfloat16, avx512_vnni, amx_bfloat16, amx_int8 };

inline constexpr std::array every_arithmetic{
    Arithmetic::avx2,        Arithmetic::avx512,       Arithmetic::avx512_bfloat16,
    Arithmetic::avx512_vnni, Arithmetic::amx_bfloat16, Arithmetic::amx_int8};

const char* name(Arithmetic arithmetic);

/// Operations per second, as multiply_add_rate(): of dot products each product and each sum is one.
/// @return nothing if the CPU, or the operating system, does not have it
std::optional<double> multiply_add_rate(Arithmetic arithmetic, int threads);

}  // namespace speciesnet::benchmark
