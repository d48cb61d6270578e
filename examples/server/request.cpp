// SPDX-License-Identifier: Apache-2.0
#include "request.hpp"

#include <algorithm>

namespace server {

std::string_view Request::header(std::string_view name) const {
    const auto found = std::ranges::find(
        headers, name, [](const auto& header) { return std::string_view(header.first); });
    return found == headers.end() ? std::string_view() : found->second;
}

}  // namespace server
