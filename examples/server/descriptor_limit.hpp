// SPDX-License-Identifier: Apache-2.0
// The limit of open file descriptors.
#pragma once

#include <cstddef>

namespace server {

/// Raises the limit as far as it goes without privileges.
/// @throws speciesnet::InvalidArgument if that is less than what connections and workers may need
void reserve_descriptors(std::size_t connections, std::size_t workers);

}  // namespace server
