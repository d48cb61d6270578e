// SPDX-License-Identifier: Apache-2.0
// Text files of model packages: one entry per line.
#pragma once

#include <string_view>
#include <vector>

namespace speciesnet {

/// Splits text into lines (\n, \r\n or \r), without surrounding white space, as the reference reads
/// its files. A file that ends with a line end has no empty last line.
std::vector<std::string_view> split_lines(std::string_view text);

}  // namespace speciesnet
