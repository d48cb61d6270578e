// SPDX-License-Identifier: Apache-2.0
// Splitting text files into lines.
#include "text/lines.hpp"

#include <doctest/doctest.h>

using namespace speciesnet;
using Lines = std::vector<std::string_view>;

TEST_CASE("all three line ends are recognised and white space is stripped") {
    CHECK(split_lines("a\nb \r\n\tc\rd") == Lines{"a", "b", "c", "d"});
}

TEST_CASE("a final line end does not create a further line") {
    CHECK(split_lines("a\n") == Lines{"a"});
    CHECK(split_lines("a\n\n") == Lines{"a", ""});
    CHECK(split_lines("").empty());
}
