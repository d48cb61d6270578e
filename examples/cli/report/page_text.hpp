// SPDX-License-Identifier: Apache-2.0
// Escapes text for HTML pages.
#pragma once

#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Escapes text between tags or in a quoted attribute.
std::string html_escaped(std::string_view text);

/// Escapes JSON inside a script element: no "<" can end the element.
std::string script_escaped(std::string_view json);

/// Converts a relative path to a relative URL: everything except plain characters is
/// percent-encoded, so that it can neither name a scheme nor leave the attribute.
std::string relative_url(std::string_view path);

std::string base64(std::string_view bytes);

}  // namespace speciesnet::cli
