// SPDX-License-Identifier: Apache-2.0
// Parses values of HTTP and MIME headers: `type/subtype; name=value; name="quoted value"`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace server {

/// Converts ASCII letters to lower case.
std::string lower(std::string_view text);

/// Removes leading and trailing spaces and tabs.
std::string_view trim(std::string_view text);

/// Returns the text before the first ';', in lower case.
std::string media_type(std::string_view header);

/// Returns the value of a parameter, unquoted. `name` is in lower case.
/// @return nothing if there is none
std::optional<std::string> parameter(std::string_view header, std::string_view name);

}  // namespace server
