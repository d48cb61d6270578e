// SPDX-License-Identifier: Apache-2.0
// The frame of all self-contained pages.
#pragma once

#include <string>
#include <string_view>

namespace speciesnet::cli {

/// A random text that no data of a page can know; the page's style and script name it.
std::string random_nonce();

/// The page until the end of its head. Its content security policy allows images within it, and
/// the style and script with the nonce alone.
std::string page_head(std::string_view title, const std::string& nonce, std::string_view style);

}  // namespace speciesnet::cli
