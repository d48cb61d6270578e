// SPDX-License-Identifier: Apache-2.0
#include "download/retries.hpp"

#include <chrono>
#include <stop_token>
#include <thread>

#include <doctest/doctest.h>

namespace speciesnet {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("pauses double from half a second to a minute") {
    CHECK(retry_delay(1, {}) == milliseconds(500));
    CHECK(retry_delay(2, {}) == milliseconds(1000));
    CHECK(retry_delay(4, {}) == milliseconds(4000));
    CHECK(retry_delay(8, {}) == seconds(60));
    CHECK(retry_delay(1000, {}) == seconds(60));
}

TEST_CASE("a longer pause is made if the server requests it") {
    CHECK(retry_delay(1, seconds(7)) == seconds(7));
    CHECK(retry_delay(8, seconds(7)) == seconds(60));
}

TEST_CASE("a task that failed too often, or would have to wait too long, is given up") {
    Retries none(0, {});
    CHECK_THROWS_AS(none.wait_after(TransientFailure("busy")), IoError);
    Retries some(5, {});
    CHECK_THROWS_AS(some.wait_after(TransientFailure("busy", seconds(601))), IoError);
}

TEST_CASE("only failures without progress between them count") {
    Retries once(1, {});
    once.wait_after(TransientFailure("busy"));
    once.progressed();
    once.wait_after(TransientFailure("busy"));
    CHECK_THROWS_AS(once.wait_after(TransientFailure("busy")), IoError);
}

TEST_CASE("a pause ends at once when a stop is requested") {
    std::stop_source stop;
    Retries retries(5, stop.get_token());
    const std::jthread stopper([&stop] { stop.request_stop(); });
    CHECK_THROWS_AS(retries.wait_after(TransientFailure("busy", seconds(300))), Cancelled);
}

}  // namespace speciesnet
