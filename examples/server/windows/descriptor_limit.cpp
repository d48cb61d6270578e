// SPDX-License-Identifier: Apache-2.0
// On Windows only memory limits the handles of a process.
#include "descriptor_limit.hpp"

namespace server {

void reserve_descriptors(std::size_t /*connections*/, std::size_t /*workers*/) {}

}  // namespace server
