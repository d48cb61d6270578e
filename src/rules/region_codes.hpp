// SPDX-License-Identifier: Apache-2.0
// Checks the form of country and region codes, as the reference does.
#pragma once

#include <string_view>

namespace speciesnet {

/// @throws InvalidArgument unless the code is empty or has 3 characters
void check_country(std::string_view country);

/// @throws InvalidArgument unless the code is empty or has 2 characters
void check_admin1_region(std::string_view admin1_region);

}  // namespace speciesnet
