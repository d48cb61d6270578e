// SPDX-License-Identifier: Apache-2.0
// Errors: stable values, one base class.
#include "speciesnet/error.hpp"

#include <doctest/doctest.h>

using namespace speciesnet;

TEST_CASE("every error is an Error with a code and a message") {
    const auto code_of = [](const auto& thrower) {
        try {
            thrower();
        } catch (const Error& error) {
            CHECK_FALSE(std::string(error.what()).empty());
            return error.code();
        }
        return ErrorCode::internal;
    };
    CHECK(code_of([] { throw InvalidArgument("x"); }) == ErrorCode::invalid_argument);
    CHECK(code_of([] { throw InvalidArgument("x", ErrorCode::json_syntax); }) ==
          ErrorCode::json_syntax);
    CHECK(code_of([] { throw InvalidImage(ErrorCode::media_too_large, "x"); }) ==
          ErrorCode::media_too_large);
    CHECK(code_of([] { throw ModelError(ErrorCode::model_contract, "x"); }) ==
          ErrorCode::model_contract);
    CHECK(code_of([] { throw IoError(ErrorCode::not_found, "x"); }) == ErrorCode::not_found);
    CHECK(code_of([] { throw Cancelled(); }) == ErrorCode::cancelled);
}

TEST_CASE("error numbers never change: the C ABI promises them") {
    CHECK(static_cast<int>(ErrorCode::invalid_argument) == 1);
    CHECK(static_cast<int>(ErrorCode::io) == 10);
    CHECK(static_cast<int>(ErrorCode::unsupported_media_type) == 20);
    CHECK(static_cast<int>(ErrorCode::undecodable_image) == 23);
    CHECK(static_cast<int>(ErrorCode::model_incomplete) == 30);
    CHECK(static_cast<int>(ErrorCode::network_failed) == 40);
    CHECK(static_cast<int>(ErrorCode::json_content) == 51);
}
