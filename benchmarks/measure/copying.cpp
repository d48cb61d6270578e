// SPDX-License-Identifier: Apache-2.0
#include "measure/machine.hpp"
#include "measure/timing.hpp"

#include <cstddef>
#include <cstring>
#include <vector>

namespace speciesnet::benchmark {

double copy_bandwidth() {
    constexpr std::size_t size = std::size_t{256} << 20;
    std::vector<char> from(size, 1);
    std::vector<char> to(size, 2);
    const double taken = fastest([&] { std::memcpy(to.data(), from.data(), size); });
    return 2.0 * static_cast<double>(size) / taken;
}

}  // namespace speciesnet::benchmark
