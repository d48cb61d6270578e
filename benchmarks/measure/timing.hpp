// SPDX-License-Identifier: Apache-2.0
// Wall time of a piece of work.
#pragma once

#include <algorithm>
#include <chrono>
#include <limits>

namespace speciesnet::benchmark {

/// Seconds that `work` takes once.
template <typename Work>
double seconds(Work&& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Seconds of the fastest run: others on the machine can only make a run slower. Repeats for at
/// least `budget` seconds and `least` runs.
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
