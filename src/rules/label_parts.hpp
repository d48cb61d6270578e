// SPDX-License-Identifier: Apache-2.0
// Adjacent parts of a label.
#pragma once

#include <cstddef>
#include <string_view>

namespace speciesnet {

/// Returns the text from the start of one part of a label to the end of a later one.
inline std::string_view text_from_to(std::string_view first, std::string_view last) {
    return {first.data(), static_cast<std::size_t>(last.data() + last.size() - first.data())};
}

}  // namespace speciesnet
