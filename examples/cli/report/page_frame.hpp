// SPDX-License-Identifier: Apache-2.0
// The frame of all self-contained pages.
#pragma once

#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Returns a random text that data in a page cannot predict; it identifies the page's style and
/// script.
std::string random_nonce();

/// Returns the page up to the end of its head. Its content security policy allows only embedded
/// images, and only the style and script with the nonce.
std::string page_head(std::string_view title, const std::string& nonce, std::string_view style);

}  // namespace speciesnet::cli
