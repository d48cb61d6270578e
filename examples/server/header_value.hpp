// SPDX-License-Identifier: Apache-2.0
// Values of HTTP and MIME headers: `type/subtype; name=value; name="quoted value"`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace server {

/// ASCII lower case; other bytes stay.
std::string lower(std::string_view text);

/// Without spaces and tabs at either end.
std::string_view trim(std::string_view text);

/// What stands before the first ';', in lower case.
std::string media_type(std::string_view header);

/// The parameter of that name (lower case), unquoted.
/// @return nothing if there is none
std::optional<std::string> parameter(std::string_view header, std::string_view name);

}  // namespace server
