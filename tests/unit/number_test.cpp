// SPDX-License-Identifier: Apache-2.0
// Numbers as text.
#include "text/number.hpp"

#include <optional>

#include <doctest/doctest.h>

using namespace speciesnet;

TEST_CASE("a text is a number as a whole, or none") {
    CHECK(parse_number("-1.5") == -1.5);
    CHECK(parse_number("37") == 37);
    CHECK(parse_number(".5") == 0.5);
    CHECK(parse_number("1e-3") == 0.001);
    CHECK(parse_number("-0.1E+1") == -1);
    for (const char* const text : {"", "-", "1,5", "1.5 ", " 1.5", "1.5x", "1-2", "+1", "0x10",
                                   "nan", "inf", "-infinity", "1e999", "1e"}) {
        CAPTURE(text);
        CHECK(parse_number(text) == std::nullopt);
    }
    CHECK(parse_number({"1.52", 3}) == 1.5);
}

TEST_CASE("numbers are rounded as Python rounds them") {
    CHECK(rounded(2.675, 2) == 2.67);
    CHECK(rounded(0.5, 0) == 0);
    CHECK(rounded(-1.25, 1) == -1.2);
    CHECK(number_text(rounded(0.1 + 0.2, 4)) == "0.3");
}
