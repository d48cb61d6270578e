// SPDX-License-Identifier: Apache-2.0
// What the library says of the LibTorch it runs on.
#include "speciesnet/runtime.hpp"

#include "speciesnet/error.hpp"

#include <doctest/doctest.h>

namespace speciesnet {

TEST_CASE("the runtime's version is a number, and its capability one line") {
    RuntimeInfo info;
    try {
        info = runtime_info();
    } catch (const ModelError& error) {
        CHECK(error.code() == ErrorCode::unsupported_hardware);
        MESSAGE("SKIPPED: " << error.what());
        return;
    }
    CHECK(info.torch_version.find('.') != std::string::npos);
    CHECK_FALSE(info.cpu_capability.empty());
    CHECK(info.cpu_capability.find('\n') == std::string::npos);
}

}  // namespace speciesnet
