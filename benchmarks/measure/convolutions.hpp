// SPDX-License-Identifier: Apache-2.0
// Records the convolutions of a network while it runs.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace speciesnet::benchmark {

/// The sizes of a convolution, in LibTorch's order.
struct Convolution {
    std::vector<std::int64_t> input;   ///< [batch, channels, height, width]
    std::vector<std::int64_t> weight;  ///< [outputs, channels/groups, height, width]
    std::vector<std::int64_t> stride;
    std::vector<std::int64_t> padding;
    std::vector<std::int64_t> dilation;
    std::int64_t groups = 1;

    /// Returns the number of multiplications and additions.
    double operations() const;

    friend auto operator<=>(const Convolution&, const Convolution&) = default;
};

/// Returns, for instance, "1×3×960×1280".
std::string to_text(const std::vector<std::int64_t>& sizes);

/// Returns the distinct convolutions that LibTorch runs during `work` on this thread, with their
/// counts.
std::map<Convolution, int> record_convolutions(const std::function<void()>& work);

}  // namespace speciesnet::benchmark
