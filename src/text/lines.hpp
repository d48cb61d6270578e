// SPDX-License-Identifier: Apache-2.0
// Splits text files of model packages: one entry on each line.
#pragma once

#include <string_view>
#include <vector>

namespace speciesnet {

/// Splits text into lines (\n, \r\n or \r), trimmed as the reference reads its files. A final line
/// end does not create an empty last line.
std::vector<std::string_view> split_lines(std::string_view text);

}  // namespace speciesnet
