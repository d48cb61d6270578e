// SPDX-License-Identifier: Apache-2.0
// Parses and formats the names of precisions, and resolves "automatic" for this CPU.
#include "network/precision.hpp"

#include "speciesnet/error.hpp"

#include <array>
#include <string>
#include <utility>

namespace speciesnet {
namespace {

constexpr std::array<std::pair<std::string_view, Precision>, 4> names{
    {{"fp32", Precision::float32},
     {"bf16", Precision::bfloat16},
     {"int8", Precision::int8},
     {"auto", Precision::automatic}}};

}  // namespace

Precision precision_from_name(std::string_view name) {
    for (const auto& [known, precision] : names) {
        if (known == name) {
            return precision;
        }
    }
    throw InvalidArgument("unknown precision '" + std::string(name) +
                          "': expected fp32, bf16, int8 or auto");
}

std::string_view name_of(Precision precision) {
    for (const auto& [name, known] : names) {
        if (known == precision) {
            return name;
        }
    }
    throw InvalidArgument("unknown precision");
}

void require_precision(Precision wanted, const executor::KernelSet* kernels) {
    const auto given = kernels != nullptr ? kernels->precision : Precision::float32;
    if (wanted == Precision::automatic || wanted == given) {
        return;
    }
    throw ModelError(
        ErrorCode::unsupported_hardware,
        "precision " + std::string(name_of(wanted)) + " needs a CPU with " +
            (wanted == Precision::int8 ? "AVX2 or ARM's dotprod" : "AVX-512 BF16 or ARM's bf16") +
            "; fp32 and auto run everywhere");
}

}  // namespace speciesnet
