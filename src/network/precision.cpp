// SPDX-License-Identifier: Apache-2.0
// Parses and prints the names of precisions; resolves "automatic" for this CPU.
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
                          "': it is fp32, bf16, int8 or auto");
}

std::string_view name_of(Precision precision) {
    for (const auto& [name, known] : names) {
        if (known == precision) {
            return name;
        }
    }
    throw InvalidArgument("unknown precision");
}

Precision available_precision(Precision wanted, const executor::Kernels* kernels) {
    const bool has_bfloat16 = kernels != nullptr && kernels->bfloat16 != nullptr;
    if (wanted == Precision::automatic) {
        return has_bfloat16 ? Precision::bfloat16 : Precision::float32;
    }
    const auto require = [&](bool is_there, const char* instructions) {
        if (!is_there) {
            throw ModelError(ErrorCode::unsupported_hardware,
                             "precision " + std::string(name_of(wanted)) + " needs a CPU with " +
                                 instructions + "; fp32 and auto run everywhere");
        }
    };
    if (wanted == Precision::bfloat16) {
        require(has_bfloat16, "AVX-512 BF16");
    }
    if (wanted == Precision::int8) {
        require(kernels != nullptr && kernels->int8 != nullptr, "AVX-512 VNNI");
    }
    return wanted;
}

}  // namespace speciesnet
