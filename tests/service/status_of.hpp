// SPDX-License-Identifier: Apache-2.0
// The status of the answer to a refused request.
#pragma once

#include "refusal.hpp"

#include <functional>

namespace server {

/// @return 200 if nothing is refused
inline int status_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Refusal& refusal) {
        return refusal.status();
    }
    return 200;
}

}  // namespace server
