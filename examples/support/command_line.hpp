// SPDX-License-Identifier: Apache-2.0
// CLI11, whose own way to make a path of an argument takes it for text in the system's encoding.
#pragma once

#include "speciesnet/utf8_path.hpp"

#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>

namespace CLI::detail {

/// The place that CLI11 has for this.
template <>
inline bool lexical_cast(const std::string& input, std::filesystem::path& output) {
    output = speciesnet::utf8_path(input);
    return true;
}

}  // namespace CLI::detail
