// SPDX-License-Identifier: Apache-2.0
// Requests larger pages: each page costs a fault when it is first touched and an address
// translation later.
#pragma once

#include <cstddef>

namespace speciesnet {

inline constexpr std::size_t huge_page = std::size_t{2} << 20U;  ///< Bytes.

/// Requests huge pages where they fit completely into the memory. Only advice: nothing
/// changes where there are none.
void advise_huge_pages(void* memory, std::size_t bytes) noexcept;

}  // namespace speciesnet
