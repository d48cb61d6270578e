// SPDX-License-Identifier: Apache-2.0
// Checks that something is refused as an invalid model, and the message.
#pragma once

#include "speciesnet/error.hpp"

#include <string>

namespace speciesnet {

/// Returns the message of the ModelError (model_invalid) that `action` throws; empty if it throws
/// nothing.
template <typename Action>
std::string rejection(Action&& action) {
    try {
        action();
    } catch (const ModelError& error) {
        return error.code() == ErrorCode::model_invalid ? error.what() : "another code";
    }
    return {};
}

/// Returns whether `action` is refused with a message that contains `words`.
template <typename Action>
bool rejects(Action&& action, const std::string& words) {
    return rejection(action).find(words) != std::string::npos;
}

}  // namespace speciesnet
