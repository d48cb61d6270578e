// SPDX-License-Identifier: Apache-2.0
// The functions for URLs that this folder needs.
#pragma once

#include <string>
#include <string_view>

namespace speciesnet {

bool is_url(std::string_view text);
bool is_https(std::string_view url);

/// The URL as messages and files may show it: without user, password, query and fragment, which may
/// be secrets (signed URLs).
std::string shown_url(std::string_view url);

/// Percent-encodes all but letters, digits, "-._~" and '/'.
std::string escape_path(std::string_view path);

}  // namespace speciesnet
