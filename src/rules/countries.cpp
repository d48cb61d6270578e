// SPDX-License-Identifier: Apache-2.0
// Finds countries by code and name. Texts are folded before comparing, so that case, accents and
// punctuation do not matter.
#include "speciesnet/error.hpp"
#include "speciesnet/location.hpp"

#include "rules/country_table.hpp"
#include "rules/region_codes.hpp"
#include "text/spelling.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace speciesnet {
namespace {

/// No name of a country is longer.
constexpr std::size_t longest_name = 64;
/// Maximum number of countries that an error suggests.
constexpr std::size_t most_suggestions = 3;

std::string in_capitals(std::string_view text) {
    std::string capitals(text);
    std::transform(capitals.begin(), capitals.end(), capitals.begin(), [](char letter) {
        return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    });
    return capitals;
}

/// Returns only letters and digits, in lower case, without accents. "&" becomes "and", "St" becomes
/// "saint", a leading "the" is dropped.
std::string folded(std::string_view text) {
    std::string result;
    std::string word;
    const auto end_word = [&] {
        result += word == "st" ? "saint" : word == "the" && result.empty() ? "" : word;
        word.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char letter = lower(text[i]);
        if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9')) {
            word += letter;
        } else if (letter == '\xC3' && i + 1 < text.size()) {
            const char plain = without_accent(static_cast<unsigned char>(text[++i]));
            word.append(plain == '.' ? 0 : 1, plain);
        } else if (letter == '&') {
            end_word();
            word = "and";
        } else if (letter == ' ' || letter == '-' || letter == '.') {
            end_word();
        }
    }
    end_word();
    return result;
}

Country country_of(const CountryEntry& entry) {
    return {.alpha3 = entry.alpha3,
            .alpha2 = entry.alpha2,
            .name = entry.names.substr(0, entry.names.find('|'))};
}

/// Calls `visit` for each name of a country until it returns false.
template <typename Visit>
void for_each_name(const CountryEntry& entry, Visit visit) {
    auto rest = entry.names;
    while (visit(rest.substr(0, rest.find('|')))) {
        const auto bar = rest.find('|');
        if (bar == std::string_view::npos) {
            return;
        }
        rest.remove_prefix(bar + 1);
    }
}

/// Returns the distance between a text and a country, up to `most`: codes are compared with codes,
/// names with names.
std::size_t distance(const std::string& text, const CountryEntry& entry, std::size_t most) {
    std::string code(entry.alpha3);
    std::transform(code.begin(), code.end(), code.begin(), lower);
    if (text.size() <= code.size()) {
        return slips(text, code, most);
    }
    auto least = most + 1;
    for_each_name(entry, [&](std::string_view name) {
        least = std::min(least, slips(text, folded(name), most));
        return true;
    });
    return least;
}

/// Returns "KEN (Kenya) or YEM (Yemen)"; empty if nothing is close.
std::string suggestions(std::string_view text) {
    const auto wanted = folded(text);
    // One letter of a code, one in four of a name.
    const auto farthest = std::max<std::size_t>(2, 2 * (wanted.size() / 4));
    auto least = farthest + 1;
    std::vector<const CountryEntry*> nearest;
    for (const auto& entry : country_table) {
        const auto slipped = distance(wanted, entry, farthest);
        if (slipped < least) {
            nearest.clear();
            least = slipped;
        }
        if (slipped == least && slipped <= farthest) {
            nearest.push_back(&entry);
        }
    }
    std::string list;
    for (std::size_t i = 0; i < std::min(nearest.size(), most_suggestions); ++i) {
        const auto country = country_of(*nearest[i]);
        list += (i == 0                                                ? ""
                 : i + 1 == std::min(nearest.size(), most_suggestions) ? " or "
                                                                       : ", ") +
                std::string(country.alpha3) + " (" + std::string(country.name) + ')';
    }
    return list;
}

std::string normalize_country(std::string_view text) {
    if (const auto country = find_country(text)) {
        return std::string(country->alpha3);
    }
    const auto meant = text.size() <= longest_name ? suggestions(text) : std::string();
    throw InvalidArgument(
        "country is \"" + std::string(text.substr(0, longest_name)) +
        "\", which is neither a code of ISO 3166-1 nor an English name of a country; " +
        (meant.empty() ? "give a code such as KEN" : "did you mean " + meant + '?'));
}

/// @param country alpha-3; empty if it is unknown
std::string normalize_region(std::string_view text, std::string_view country) {
    auto region = in_capitals(text);
    const auto known = find_country(country);
    if (known && region.starts_with(std::string(known->alpha2) + '-')) {
        region.erase(0, known->alpha2.size() + 1);
    }
    check_admin1_region(region);
    return region;
}

}  // namespace

std::optional<Country> find_country(std::string_view text) {
    text = stripped(text);
    if (text.empty() || text.size() > longest_name) {
        return std::nullopt;
    }
    const auto code = in_capitals(text);
    for (const auto& entry : country_table) {
        if (entry.alpha3 == code || entry.alpha2 == code) {
            return country_of(entry);
        }
    }
    const auto wanted = folded(text);
    for (const auto& entry : country_table) {
        bool found = false;
        for_each_name(entry, [&](std::string_view name) {
            found = folded(name) == wanted;
            return !found;
        });
        if (found) {
            return country_of(entry);
        }
    }
    return std::nullopt;
}

Location normalize_location(Location location) {
    if (location.country) {
        const auto text = stripped(*location.country);
        location.country = text.empty() ? std::string() : normalize_country(text);
    }
    if (location.admin1_region) {
        location.admin1_region =
            normalize_region(stripped(*location.admin1_region), location.country.value_or(""));
    }
    check_location(location);
    return location;
}

}  // namespace speciesnet
