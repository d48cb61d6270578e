// SPDX-License-Identifier: Apache-2.0
// Raises the limit of open file descriptors.
#pragma once

#include <cstddef>

namespace server {

/// Raises the limit as far as possible without privileges.
/// @throws speciesnet::InvalidArgument if that is less than connections and workers may need
void reserve_descriptors(std::size_t connections, std::size_t workers);

}  // namespace server
