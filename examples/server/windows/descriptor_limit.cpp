// SPDX-License-Identifier: Apache-2.0
// Windows limits a process's handles by memory alone.
#include "descriptor_limit.hpp"

namespace server {

void reserve_descriptors(std::size_t /*connections*/, std::size_t /*workers*/) {}

}  // namespace server
