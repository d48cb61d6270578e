// SPDX-License-Identifier: Apache-2.0
// The flag --precision.
#pragma once

#include "command_line.hpp"

#include <string>

namespace speciesnet::cli {

/// @param precision must outlive the parser
inline CLI::Option* add_precision_flag(CLI::App& command, std::string& precision) {
    // clang-format off
    // <options flag load.precision precision> by scripts/generate_options
    return command.add_option("--precision", precision,
        "Precision of the networks: fp32 (the reference's answers), bf16 or int8 (faster, "
        "different answers; requires CPU support), or auto (bf16 where the CPU multiplies it "
        "faster, else fp32)")
        ->check(CLI::IsMember({"fp32", "bf16", "int8", "auto"}))
        ->type_name("NAME");
    // </options>
    // clang-format on
}

}  // namespace speciesnet::cli
