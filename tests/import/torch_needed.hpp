// SPDX-License-Identifier: Apache-2.0
// Tests of what only builds with LibTorch can do.
#pragma once

#include "speciesnet/error.hpp"

#include "torch_plugin/torch_plugin.hpp"

#include <doctest/doctest.h>

namespace speciesnet {

/// Whether this build has LibTorch; says that a test is skipped if not.
inline bool has_torch() {
    try {
        torch_plugin();
        return true;
    } catch (const ModelError& error) {
        CHECK(error.code() == ErrorCode::unsupported_hardware);
        MESSAGE("SKIPPED: " << error.what());
        return false;
    }
}

}  // namespace speciesnet
