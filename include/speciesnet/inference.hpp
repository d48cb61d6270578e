// SPDX-License-Identifier: Apache-2.0
// Device and precision of the networks.
#pragma once

#include "speciesnet/export.hpp"

#include <cstdint>
#include <string_view>

namespace speciesnet {

/// Largest number of threads that options take; more are a mistake.
inline constexpr int most_threads = 1024;

/// The precision of convolutions. Sums, activations and everything outside the networks
/// stay float32. docs/design/performance.md says what the smaller ones change in the answers.
enum class Precision : std::int32_t {
    float32,    ///< The reference's answers.
    bfloat16,   ///< 8 significant bits. Needs a CPU with AVX-512 BF16.
    int8,       ///< Bytes, scaled for each picture and weight row. Needs a CPU with AVX-512 VNNI.
    automatic,  ///< bfloat16 where the CPU has it, else float32.
};

/// "fp32", "bf16", "int8" or "auto". @throws InvalidArgument for another name
SPECIESNET_EXPORT Precision precision_from_name(std::string_view name);
/// The name that precision_from_name() takes. The text lives as long as the program.
SPECIESNET_EXPORT std::string_view name_of(Precision precision);

/// Where networks run.
struct Device {
    bool is_cuda = false;
    std::int32_t index = 0;  ///< Which CUDA device.
    bool operator==(const Device&) const = default;
};

/// "cpu", "cuda" (the first one) or "cuda:N". @throws InvalidArgument for another name
SPECIESNET_EXPORT Device device_from_name(std::string_view name);

}  // namespace speciesnet
