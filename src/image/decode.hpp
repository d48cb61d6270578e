// SPDX-License-Identifier: Apache-2.0
// Decodes an image and measures the work.
#pragma once

#include "speciesnet/image.hpp"

#include "budget.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace speciesnet {

/// As decode(); afterwards `budget` holds the work that was done.
Image decode_within(std::span<const std::byte> bytes, Budget& budget,
                    std::optional<std::string_view> declared_type = std::nullopt);

}  // namespace speciesnet
