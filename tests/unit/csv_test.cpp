// SPDX-License-Identifier: Apache-2.0
// Tables of comma-separated values.
#include "speciesnet/csv.hpp"

#include "speciesnet/error.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

TEST_CASE("tables of comma-separated values are read as spreadsheets write them") {
    CHECK(read_csv("a,b\n1,2\n") == std::vector<CsvRow>{{{"a", "b"}, 1}, {{"1", "2"}, 2}});
    CHECK(read_csv("\xEF\xBB\xBF"
                   "a;b\r\n\"x;\"\"y\"\"\r\n\";2\n3;4") ==
          std::vector<CsvRow>{{{"a", "b"}, 1}, {{"x;\"y\"\r\n", "2"}, 2}, {{"3", "4"}, 4}});
    CHECK(read_csv("a\tb\n\n,\t2") == std::vector<CsvRow>{{{"a", "b"}, 1}, {{",", "2"}, 3}});
    CHECK(read_csv("").empty());
    CHECK_THROWS_WITH_AS(read_csv("a,b\n1,\"2\n3"),
                         doctest::Contains("the quotation mark in line 2 is not closed"),
                         InvalidArgument);
}
