// SPDX-License-Identifier: Apache-2.0
// Assertions of the fuzz targets.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace speciesnet::fuzz {

/// Aborts if a statement does not hold; the fuzzer then reports the input.
inline void require(bool holds, const char* statement) {
    if (!holds) {
        std::fprintf(stderr, "does not hold: %s\n", statement);
        std::abort();
    }
}

inline std::string_view text(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

inline bool is_within(std::string_view part, std::string_view whole) {
    return part.empty() || (part.data() >= whole.data() &&
                            part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace speciesnet::fuzz
