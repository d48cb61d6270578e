// SPDX-License-Identifier: Apache-2.0
// Which convolutions a network runs, seen while it runs.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace speciesnet::benchmark {

/// A convolution's sizes, as LibTorch takes them.
struct Convolution {
    std::vector<std::int64_t> input;   ///< [batch, channels, height, width]
    std::vector<std::int64_t> weight;  ///< [outputs, channels/groups, height, width]
    std::vector<std::int64_t> stride;
    std::vector<std::int64_t> padding;
    std::vector<std::int64_t> dilation;
    std::int64_t groups = 1;

    /// Multiplications and additions.
    double operations() const;

    friend auto operator<=>(const Convolution&, const Convolution&) = default;
};

/// "1×3×960×1280"
std::string to_text(const std::vector<std::int64_t>& sizes);

/// The distinct convolutions that LibTorch runs during `work`, on this thread, each with how many
/// times.
std::map<Convolution, int> record_convolutions(const std::function<void()>& work);

}  // namespace speciesnet::benchmark
