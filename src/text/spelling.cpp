// SPDX-License-Identifier: Apache-2.0
// Computes the optimal string alignment distance, row by row, near the diagonal alone.
#include "text/spelling.hpp"

#include <algorithm>
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

std::size_t slips(std::string_view from, std::string_view to, std::size_t most) {
    constexpr std::size_t swap = 1;
    constexpr std::size_t change = 2;
    // A cell further from the diagonal than this costs more than `most` in added or omitted
    // letters.
    const auto band = most / change;
    const auto too_many = most + 1;
    if (std::max(from.size(), to.size()) - std::min(from.size(), to.size()) > band) {
        return too_many;
    }
    std::vector<std::size_t> before_last(to.size() + 1, too_many);
    std::vector<std::size_t> last(to.size() + 1, too_many);
    std::vector<std::size_t> row(to.size() + 1, too_many);
    for (std::size_t j = 0; j <= std::min(to.size(), band); ++j) {
        last[j] = change * j;
    }
    std::size_t least_of_last = 0;
    for (std::size_t i = 1; i <= from.size(); ++i) {
        const auto first = i > band ? i - band : 1;
        const auto end = std::min(to.size(), i + band) + 1;
        row[first - 1] = first == 1 ? std::min(change * i, too_many) : too_many;
        auto least = row[first - 1];
        for (auto j = first; j < end; ++j) {
            row[j] = std::min({last[j] + change, row[j - 1] + change,
                               last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : change), too_many});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
                row[j] = std::min(row[j], before_last[j - 2] + swap);
            }
            least = std::min(least, row[j]);
        }
        // Two letters that changed places reach two rows back.
        if (std::min(least, least_of_last) > most) {
            return too_many;
        }
        least_of_last = least;
        before_last.swap(last);
        last.swap(row);
    }
    return last.back();
}

}  // namespace speciesnet
