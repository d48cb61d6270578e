// SPDX-License-Identifier: Apache-2.0
// Precisions and devices: their names, and their effect on an ensemble.
#include "speciesnet/ensemble.hpp"
#include "speciesnet/error.hpp"

#include "demo_photos.hpp"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

using namespace speciesnet;

TEST_CASE("precisions have names") {
    for (const auto* name : {"fp32", "bf16", "int8", "auto"}) {
        CHECK(name_of(precision_from_name(name)) == name);
    }
    CHECK(precision_from_name("fp32") == Precision::float32);
    CHECK_THROWS_AS(precision_from_name("fp16"), InvalidArgument);
    CHECK_THROWS_AS(precision_from_name(""), InvalidArgument);
}

TEST_CASE("devices have names") {
    CHECK(device_from_name("cpu") == Device{});
    CHECK(device_from_name("cuda") == Device{.is_cuda = true, .index = 0});
    CHECK(device_from_name("cuda:12") == Device{.is_cuda = true, .index = 12});
    for (const auto* name :
         {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:1 ", "cuda:999", "CPU"}) {
        CAPTURE(std::string(name));
        CHECK_THROWS_AS(device_from_name(name), InvalidArgument);
    }
}

TEST_CASE("the best precision of the CPU finds the same animals") {
    const auto exact = Ensemble::load("demo");
    const auto fast = Ensemble::load("demo", {.precision = Precision::automatic});
    CHECK(exact.precision() == Precision::float32);
    CHECK(fast.precision() != Precision::automatic);
    for (const auto& instance : demo_photos()) {
        CAPTURE(instance.filepath);
        const auto photo = decode_file(instance.filepath);
        const auto expected = exact.detect(photo);
        const auto found = fast.detect(photo);
        const auto sure = [](const Detection& detection) { return detection.conf > 0.5; };
        CHECK(std::count_if(found.begin(), found.end(), sure) ==
              std::count_if(expected.begin(), expected.end(), sure));
    }
}

TEST_CASE("an unavailable device gives a specific error") {
    try {
        Ensemble::load("demo", {.device = {.is_cuda = true, .index = 99}});
        FAIL("no error");
    } catch (const ModelError& error) {
        CHECK(error.code() == ErrorCode::unsupported_hardware);
        CHECK(std::string(error.what()).find("CUDA") != std::string::npos);
    }
}
