// SPDX-License-Identifier: Apache-2.0
// Device and precision of the networks.
#pragma once

#include "speciesnet/export.hpp"

#include <cstdint>
#include <string_view>

namespace speciesnet {

/// Maximum number of threads in options.
inline constexpr int most_threads = 1024;

/// Precision of convolutions. Sums, activations and everything outside the networks
/// stay float32. docs/design/performance.md shows the effect of lower precisions on answers.
enum class Precision : std::int32_t {
    float32,    ///< The reference's answers.
    bfloat16,   ///< 8 significant bits. Needs AVX-512 BF16 or ARM's bf16.
    int8,       ///< Scaled per feature map and weight row. Needs AVX2 or ARM's dotprod.
    automatic,  ///< bfloat16 where the CPU has it, else float32.
};

/// Parses "fp32", "bf16", "int8" or "auto". @throws InvalidArgument for another name
SPECIESNET_EXPORT Precision precision_from_name(std::string_view name);
/// Returns the name for precision_from_name(). The text is static.
SPECIESNET_EXPORT std::string_view name_of(Precision precision);

/// Device of the networks.
struct Device {
    bool is_cuda = false;
    std::int32_t index = 0;  ///< Index of the CUDA device.
    bool operator==(const Device&) const = default;
};

/// Parses "cpu", "cuda" (the first device) or "cuda:N". @throws InvalidArgument for another name
SPECIESNET_EXPORT Device device_from_name(std::string_view name);

}  // namespace speciesnet
