// SPDX-License-Identifier: Apache-2.0
// Computes the optimal string alignment distance, row by row.
#include "text/spelling.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace speciesnet {

std::string_view stripped(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    return begin == std::string_view::npos
               ? std::string_view()
               : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

char lower(char letter) noexcept {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

char without_accent(unsigned char second) noexcept {
    constexpr std::string_view letters =
        "aaaaaaaceeeeiiiidnooooo.ouuuuy..aaaaaaaceeeeiiiidnooooo.ouuuuy.y";
    return letters[second & 0x3FU];
}

std::size_t slips(std::string_view from, std::string_view to) {
    constexpr std::size_t swap = 1;
    constexpr std::size_t change = 2;
    std::vector<std::size_t> before_last;
    std::vector<std::size_t> last(to.size() + 1);
    for (std::size_t j = 0; j <= to.size(); ++j) {
        last[j] = change * j;
    }
    for (std::size_t i = 1; i <= from.size(); ++i) {
        std::vector<std::size_t> row(to.size() + 1);
        row[0] = change * i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            row[j] = std::min({last[j] + change, row[j - 1] + change,
                               last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : change)});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
                row[j] = std::min(row[j], before_last[j - 2] + swap);
            }
        }
        before_last = std::exchange(last, std::move(row));
    }
    return last.back();
}

}  // namespace speciesnet
