// SPDX-License-Identifier: Apache-2.0
// What the server asks of the operating system in one call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace server {

/// Bytes that nobody can guess. Never waits. @return false if the system has none
bool fill_with_randomness(std::span<std::byte> bytes) noexcept;

/// Memory of this process that is in use now.
std::uint64_t resident_bytes();

}  // namespace server
