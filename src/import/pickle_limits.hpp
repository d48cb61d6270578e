// SPDX-License-Identifier: Apache-2.0
// Limits of pickles. The largest pickle of a full-size package has 580 kB, 130,000 operations and a
// depth of 25.
#pragma once

#include <cstddef>

namespace speciesnet::pickle {

inline constexpr std::size_t most_bytes = 64U << 20U;
/// Each operation creates at most one node, so this also bounds memory: about 50 bytes an
/// operation.
inline constexpr std::size_t most_operations = 1'000'000;
inline constexpr std::size_t most_depth = 200;

}  // namespace speciesnet::pickle
