// SPDX-License-Identifier: Apache-2.0
// decode() with its work counted.
#pragma once

#include "speciesnet/image.hpp"

#include "budget.hpp"

#include <cstddef>
#include <span>

namespace speciesnet {

/// As decode(); afterwards `budget` says what it cost.
Image decode_within(std::span<const std::byte> bytes, Budget& budget);

}  // namespace speciesnet
