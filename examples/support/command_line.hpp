// SPDX-License-Identifier: Apache-2.0
// Includes CLI11 and adds the conversion of arguments to paths: CLI11's own conversion assumes the
// system's encoding.
#pragma once

#include "speciesnet/utf8_path.hpp"

#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>

namespace CLI::detail {

/// CLI11's customisation point for conversions.
template <>
inline bool lexical_cast(const std::string& input, std::filesystem::path& output) {
    output = speciesnet::utf8_path(input);
    return true;
}

}  // namespace CLI::detail
