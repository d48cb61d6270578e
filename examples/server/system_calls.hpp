// SPDX-License-Identifier: Apache-2.0
// Single calls of the operating system that the server needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace server {

/// Fills a buffer with unpredictable bytes. Never blocks. @return false if the system has none
bool fill_with_randomness(std::span<std::byte> bytes) noexcept;

/// Returns the resident memory of this process.
std::uint64_t resident_bytes();

}  // namespace server
