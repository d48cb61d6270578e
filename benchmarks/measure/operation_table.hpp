// SPDX-License-Identifier: Apache-2.0
// Prints the operations of a network with the limit of the machine that binds each of them.
#pragma once

#include "executor/kernels.hpp"
#include "executor/plan_run.hpp"

#include <span>

namespace speciesnet::benchmark {

/// The limits of the machine for a kernel set.
struct Limits {
    double bandwidth = 0;  ///< Bytes in a second.
    double rate = 0;       ///< Operations in a second; 0 if it is not measured for these kernels.
};

/// Measures Limits::rate of a set.
double multiply_add_rate(const executor::KernelSet& set, int threads);

/// Prints the name of the CPU and the limits of all kinds of kernels. @return the bandwidth
double print_limits(int threads);

/// Prints one line for each kind of operation, those that take most time first: the multiply-adds
/// of its arithmetic in registers, or the copying of memory, is its bound, and the line has the
/// percentage reached. Winograd's method may exceed 100 %, because it multiplies less often than
/// the definition, on which the rates are based; so may an operation whose feature maps are in a
/// cache.
void print_operations(std::span<const executor::OperationTiming> timings, const Limits& limits);

}  // namespace speciesnet::benchmark
