// Bytes to 0..1, as both networks take them.
#pragma once

#include <array>
#include <cstdint>

namespace speciesnet {

/// byte → byte/255, divided in double precision and rounded once, as NumPy does for the reference.
inline const std::array<float, 256>& unit_range() {
    static const auto table = [] {
        std::array<float, 256> values{};
        for (std::size_t byte = 0; byte < values.size(); ++byte) {
            values[byte] = static_cast<float>(static_cast<double>(byte) / 255.0);
        }
        return values;
    }();
    return table;
}

}  // namespace speciesnet
