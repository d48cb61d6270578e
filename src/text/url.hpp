// SPDX-License-Identifier: Apache-2.0
// Functions for URLs that this project needs.
#pragma once

#include <string>
#include <string_view>

namespace speciesnet {

bool is_url(std::string_view text);
bool is_https(std::string_view url);

/// Returns the URL without user, password, query and fragment, which may be secrets (signed URLs),
/// for messages and files.
std::string shown_url(std::string_view url);

/// Percent-encodes everything except letters, digits, "-._~" and '/'.
std::string escape_path(std::string_view path);

}  // namespace speciesnet
