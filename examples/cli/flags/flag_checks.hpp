// SPDX-License-Identifier: Apache-2.0
// Checks the values of flags, with more readable messages than CLI11's.
#pragma once

#include "command_line.hpp"

#include <map>
#include <string>
#include <utility>

namespace speciesnet::cli {

/// Accepts a number of at least `least`.
template <typename Number>
CLI::Validator at_least(Number least) {
    return {[least](const std::string& text) -> std::string {
                Number number{};
                if (CLI::detail::lexical_cast(text, number) && number >= least) {
                    return {};
                }
                return "'" + text + "' is not a number of at least " +
                       CLI::detail::to_string(least);
            },
            {}};
}

/// Accepts a number from `least` to `most`.
template <typename Number>
CLI::Validator within(Number least, Number most) {
    return {[least, most](const std::string& text) -> std::string {
                Number number{};
                // The comparison is false for NaN.
                if (CLI::detail::lexical_cast(text, number) && number >= least && number <= most) {
                    return {};
                }
                return "'" + text + "' is not a number from " + CLI::detail::to_string(least) +
                       " to " + CLI::detail::to_string(most);
            },
            {}};
}

/// Accepts a name in any case, and replaces it by the value of the enumerator.
template <typename Enumerator>
CLI::Validator one_of(std::map<std::string, Enumerator> values) {
    // Completions and --help read the names in the braces.
    std::string names;
    for (const auto& [name, value] : values) {
        names += (names.empty() ? '{' : ',') + name;
    }
    names += '}';
    return {[values = std::move(values), names](std::string& text) -> std::string {
                const auto found = values.find(CLI::detail::to_lower(text));
                if (found == values.end()) {
                    return "'" + text + "' is not one of " + names;
                }
                text = std::to_string(static_cast<int>(found->second));
                return {};
            },
            names};
}

}  // namespace speciesnet::cli
