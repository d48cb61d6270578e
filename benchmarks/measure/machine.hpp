// SPDX-License-Identifier: Apache-2.0
// Measures the limits of this machine.
#pragma once

#include <array>
#include <optional>
#include <string>

namespace speciesnet::benchmark {

/// Vector instructions with which a limit is measured.
enum class VectorSet { avx2, avx512 };

/// Returns the best set that both the CPU and this program support.
VectorSet best_vector_set();

const char* name(VectorSet set);

/// Returns the name in /proc/cpuinfo.
std::string cpu_name();

/// Returns the bytes per second that one thread reads and writes together when it copies far more
/// than the caches hold.
double copy_bandwidth();

/// Returns single-precision operations per second of `threads` threads that only multiply and add
/// in registers. Each multiply-add counts as two operations.
double multiply_add_rate(VectorSet set, int threads);

/// Arithmetic units that kernels use.
enum class Arithmetic {
    avx2,
    avx2_int8,  ///< Products of 16 bits, and their sums.
    avx_vnni,
    avx512,
    avx512_bfloat16,
    avx512_vnni,
    amx_bfloat16,
    amx_int8
};

inline constexpr std::array every_arithmetic{
    Arithmetic::avx2,         Arithmetic::avx2_int8,       Arithmetic::avx_vnni,
    Arithmetic::avx512,       Arithmetic::avx512_bfloat16, Arithmetic::avx512_vnni,
    Arithmetic::amx_bfloat16, Arithmetic::amx_int8};

const char* name(Arithmetic arithmetic);

/// Returns whether the CPU has it and the operating system permits it.
bool has(Arithmetic arithmetic);

/// Returns operations per second as multiply_add_rate(); in dot products each product and sum
/// counts as one.
/// @return nothing if the CPU or the operating system lacks it
std::optional<double> multiply_add_rate(Arithmetic arithmetic, int threads);

}  // namespace speciesnet::benchmark
