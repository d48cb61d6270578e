// SPDX-License-Identifier: Apache-2.0
// Measures the wall time of work.
#pragma once

#include <algorithm>
#include <chrono>
#include <limits>

namespace speciesnet::benchmark {

/// Returns the seconds of one run of `work`.
template <typename Work>
double seconds(Work&& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Returns the seconds of the fastest run, because other processes can only make a run slower.
/// Repeats for at least `budget` seconds and `least` runs.
template <typename Work>
double fastest(Work&& work, double budget = 0.2, int least = 3) {
    double best = std::numeric_limits<double>::infinity();
    double spent = 0;
    for (int run = 0; run < least || spent < budget; ++run) {
        const double taken = seconds(work);
        best = std::min(best, taken);
        spent += taken;
    }
    return best;
}

}  // namespace speciesnet::benchmark
