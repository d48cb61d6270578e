// SPDX-License-Identifier: Apache-2.0
// The LibTorch in use.
#include "speciesnet/runtime.hpp"

#include "speciesnet/error.hpp"

#include <doctest/doctest.h>

namespace speciesnet {

TEST_CASE("the runtime has a version with a dot and a capability of one line" *
          doctest::test_suite("LibTorch")) {
    const auto info = runtime_info();
    CHECK(info.torch_version.find('.') != std::string::npos);
    CHECK_FALSE(info.cpu_capability.empty());
    CHECK(info.cpu_capability.find('\n') == std::string::npos);
}

TEST_CASE("the runtime gives unsupported_hardware in a build without LibTorch" *
          doctest::test_suite("no LibTorch")) {
    try {
        runtime_info();
        FAIL("LibTorch is in use");
    } catch (const ModelError& error) {
        CHECK(error.code() == ErrorCode::unsupported_hardware);
    }
}

}  // namespace speciesnet
