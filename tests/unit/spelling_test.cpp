// SPDX-License-Identifier: Apache-2.0
// The count of typing errors between two texts, against a plain computation of all of its table.
#include "text/spelling.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using speciesnet::slips;

namespace {

/// The same count without a limit.
std::size_t counted(std::string_view from, std::string_view to) {
    std::vector<std::vector<std::size_t>> cells(from.size() + 1,
                                                std::vector<std::size_t>(to.size() + 1));
    for (std::size_t i = 0; i <= from.size(); ++i) {
        for (std::size_t j = 0; j <= to.size(); ++j) {
            if (i == 0 || j == 0) {
                cells[i][j] = 2 * (i + j);
                continue;
            }
            cells[i][j] = std::min({cells[i - 1][j] + 2, cells[i][j - 1] + 2,
                                    cells[i - 1][j - 1] + (from[i - 1] == to[j - 1] ? 0 : 2)});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
                cells[i][j] = std::min(cells[i][j], cells[i - 2][j - 2] + 1);
            }
        }
    }
    return cells[from.size()][to.size()];
}

}  // namespace

TEST_CASE("slips of the pen are counted in halves, up to a limit") {
    CHECK(slips("lion", "lion", 8) == 0);
    CHECK(slips("lion", "loin", 8) == 1);
    CHECK(slips("lion", "lian", 8) == 2);
    CHECK(slips("lion", "lions", 8) == 2);
    CHECK(slips("", "lion", 8) == 8);
    CHECK(slips("lion", "", 7) == 8);
    CHECK(slips("lion", "bear", 3) == 4);
    CHECK(slips("lion", "lian", 0) == 1);
    CHECK(slips("", "", 0) == 0);
}

TEST_CASE("a limit changes no count below it") {
    std::mt19937 random(1);
    const auto text = [&] {
        std::string letters(random() % 12, 'a');
        for (auto& letter : letters) {
            letter = static_cast<char>('a' + random() % 3);
        }
        return letters;
    };
    for (int i = 0; i < 20'000; ++i) {
        const auto from = text();
        const auto to = text();
        const std::size_t most = random() % 26;
        CAPTURE(from);
        CAPTURE(to);
        CAPTURE(most);
        REQUIRE(slips(from, to, most) == std::min(counted(from, to), most + 1));
    }
}
