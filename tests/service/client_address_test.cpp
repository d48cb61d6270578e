// SPDX-License-Identifier: Apache-2.0
// Addresses of clients, from sockets and proxies.
#include "client_address.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace server;

namespace {

std::string parsed(std::string_view text) {
    return parse_address(text).value_or("none");
}

}  // namespace

TEST_CASE("an address has one text, whatever a proxy writes around it") {
    for (const auto* const text : {"192.0.2.7", " 192.0.2.7\t", "192.0.2.7:4711",
                                   "::ffff:192.0.2.7", "[::ffff:192.0.2.7]:4711"}) {
        CAPTURE(text);
        CHECK(parsed(text) == "192.0.2.7");
    }
    for (const auto* const text :
         {"2001:db8::7", "[2001:db8::7]", "[2001:db8::7]:4711", "2001:0DB8:0:0::0007"}) {
        CAPTURE(text);
        CHECK(parsed(text) == "2001:db8::7");
    }
}

TEST_CASE("invalid addresses are refused") {
    for (const auto* const text :
         {"", "unknown", "_hidden", "192.0.2", "192.0.2.7.example", "[2001:db8::7", "[", "[]",
          ":80", "0x7f.1", "1.2.3.4, 5.6.7.8"}) {
        CAPTURE(text);
        CHECK(parsed(text) == "none");
    }
}

TEST_CASE("a subscriber is an IPv4 address, or an IPv6 network of 64 bits") {
    CHECK(subscriber("192.0.2.7") == "192.0.2.7");
    CHECK(subscriber("2001:db8:1:2:3:4:5:6") == subscriber("2001:db8:1:2::"));
    CHECK(subscriber("2001:db8:1:2::") != subscriber("2001:db8:1:3::"));
}
