// SPDX-License-Identifier: Apache-2.0
// Checks values of flags, with readable messages where CLI11's are not.
#pragma once

#include "command_line.hpp"

#include <map>
#include <string>
#include <utility>

namespace speciesnet::cli {

/// A number that is not below `least`.
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

/// A number from `least` to `most`.
template <typename Number>
CLI::Validator within(Number least, Number most) {
    return {[least, most](const std::string& text) -> std::string {
                Number number{};
                // What is no number at all is not within.
                if (CLI::detail::lexical_cast(text, number) && number >= least && number <= most) {
                    return {};
                }
                return "'" + text + "' is not a number from " + CLI::detail::to_string(least) +
                       " to " + CLI::detail::to_string(most);
            },
            {}};
}

/// A name, upper or lower case; replaced by the number of the enumerator that it stands for.
template <typename Enumerator>
CLI::Validator one_of(std::map<std::string, Enumerator> values) {
    // Completions and --help find the names in the braces.
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
